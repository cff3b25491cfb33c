/**
 * What is kept of a person here, for themself and for admins in whose reach they are. Secrets and their hashes stay.
 * What others wrote or did is not theirs: of an entry about somebody else only that it was made is told.
 */
const { inLanguageOf } = require(`${__hooks}/language.js`);

const TEXTS = {
  unknown: {
    de: 'Hier gibt es niemanden mit dieser Kennung.',
    en: 'There is nobody with this id here.',
  },
  adminsOnly: {
    de: 'Angaben zu Admins gibt es nur für sie selbst und für Plattform-Admins.',
    en: 'Only a platform admin may export an admin.',
  },
};
const AUDIT_PAGE_ROWS = 500;

const momentOf = (record, field) => record.getString(field).replace(' ', 'T');
const find = (filter, collection, values) => $app.findRecordsByFilter(collection, filter, 'id', 0, 0, values);

function findPerson(id) {
  try {
    return $app.findRecordById('users', id);
  } catch (_) {
    return null;
  }
}

/** @throws NotFoundError, ForbiddenError where `auth` may not have it; to whom they are not shown, they do not exist */
function personFor(auth, id) {
  const say = inLanguageOf(auth, TEXTS);
  if (!auth.isSuperuser()) require(`${__hooks}/person.js`).principal(auth);
  const person = findPerson(id);
  const role = auth.isSuperuser() ? 'superuser' : auth.getString('role');
  const isSelf = auth.id === id && !auth.isSuperuser();
  const ofOwnTenant = person && role === 'tenant_admin' && auth.getString('tenant') === person.getString('tenant');
  if (!person || !(isSelf || ofOwnTenant || ['platform_admin', 'superuser'].includes(role)))
    throw new NotFoundError(say('unknown'));
  if (ofOwnTenant && !isSelf && person.getString('role') !== 'member') throw new ForbiddenError(say('adminsOnly'));
  return person;
}

function named(collection, id) {
  return id === '' ? null : { id, name: $app.findRecordById(collection, id).getString('name') };
}

const limitsOf = (record) => ({
  requestsPerMinute: record.getInt('requests_per_minute'),
  tokensPerMinute: record.getInt('tokens_per_minute'),
  parallelRequests: record.getInt('parallel_requests'),
});

const profileOf = (person) => ({
  id: person.id,
  email: person.email(),
  verified: person.verified(),
  name: person.getString('name'),
  tenant: named('tenants', person.getString('tenant')),
  product: named('products', person.getString('product')),
  role: person.getString('role'),
  kind: person.getString('kind'),
  status: person.getString('status'),
  budgetOverrideEur: person.getString('budget_override_eur'),
  ...limitsOf(person),
  costCentre: person.getString('cost_centre'),
  locale: person.getString('locale'),
  created: momentOf(person, 'created'),
  updated: momentOf(person, 'updated'),
});

const keyOf = (key) => ({
  id: key.id,
  name: key.getString('name'),
  prefix: key.getString('prefix'),
  tenantId: key.getString('tenant'),
  models: [...key.getStringSlice('models')],
  monthlyBudgetEur: key.getString('monthly_budget_eur'),
  ...limitsOf(key),
  expires: momentOf(key, 'expires'),
  lastUsed: momentOf(key, 'last_used'),
  revoked: key.getBool('revoked'),
  created: momentOf(key, 'created'),
  updated: momentOf(key, 'updated'),
});

const invitationOf = (row) => ({
  email: row.getString('email'),
  name: row.getString('name'),
  tenantId: row.getString('tenant'),
  productId: row.getString('product'),
  role: row.getString('role'),
  locale: row.getString('locale'),
  invitedBy: row.getString('invited_by'),
  expires: momentOf(row, 'expires'),
  created: momentOf(row, 'created'),
  updated: momentOf(row, 'updated'),
});

function notices(person) {
  const rows = arrayOf(new DynamicModel({ kind: '', address: '', at: 0 }));
  $app
    .db()
    .newQuery('SELECT kind, address, at FROM sign_in_notices WHERE person = {:id} ORDER BY id')
    .bind({ id: person.id })
    .all(rows);
  return rows.map(({ kind, address, at }) => ({ kind, address, at: new Date(at).toISOString() }));
}

const fieldsOf = (row, field) => JSON.parse(row.getString(field) || '{}') || {};

function auditEntryOf(person, keyIds, row) {
  const collection = row.getString('target_collection');
  const targetId = row.getString('target_id');
  const isAbout =
    (collection === 'users' && targetId === person.id) ||
    (collection === 'contents' && fieldsOf(row, 'after').subject === person.id) ||
    keyIds.has(targetId);
  return {
    at: momentOf(row, 'created'),
    actor: row.getString('actor'),
    actorRole: row.getString('actor_role'),
    network: row.getString('actor') === person.id ? row.getString('ip') : '',
    action: row.getString('action'),
    collection,
    targetId,
    before: isAbout ? fieldsOf(row, 'before') : null,
    after: isAbout ? fieldsOf(row, 'after') : null,
  };
}

/** Oldest first, page by page. A tenant's admin reads what the audit log shows them anyway: their tenant's entries. */
function eachAuditEntry(auth, person, use) {
  const keyIds = new Set(find('user = {:id}', 'api_keys', { id: person.id }).map((key) => key.id));
  const keys = [...keyIds].map((id) => `(target_collection = "api_keys" && target_id = "${id}")`);
  const looks = '(target_collection = "contents" && after.subject = {:id})';
  const about = [...keys, 'actor = {:id}', '(target_collection = "users" && target_id = {:id})', looks].join(' || ');
  const seesAll = auth.isSuperuser() || auth.id === person.id || auth.getString('role') === 'platform_admin';
  const filter = seesAll ? `(${about})` : `(${about}) && tenant = {:tenant}`;
  const values = { id: person.id, tenant: person.getString('tenant') };
  for (let offset = 0; ; offset += AUDIT_PAGE_ROWS) {
    const rows = $app.findRecordsByFilter('audit_logs', filter, 'created,id', AUDIT_PAGE_ROWS, offset, values);
    for (const row of rows) use(auditEntryOf(person, keyIds, row));
    if (rows.length < AUDIT_PAGE_ROWS) return;
  }
}

module.exports = {
  /** Writes the answer of the route; its shape is `personExport` of the contracts. */
  send(e) {
    const person = personFor(e.auth, e.request.pathValue('id'));
    const ofPerson = { id: person.id, collection: person.collection().id, email: person.email() };
    const beside = 'collectionRef = {:collection} && recordRef = {:id}';
    const parts = {
      subjectId: person.id,
      at: new Date().toISOString(),
      profile: profileOf(person),
      apiKeys: find('user = {:id}', 'api_keys', ofPerson).map(keyOf),
      invitations: find('email:lower = {:email}', 'invitations', { email: person.email().toLowerCase() }).map(
        invitationOf,
      ),
      invitationsSent: find('invited_by = {:id}', 'invitations', ofPerson).map((row) => ({
        id: row.id,
        tenantId: row.getString('tenant'),
        created: momentOf(row, 'created'),
      })),
      notices: notices(person),
      externalSignIns: find(beside, '_externalAuths', ofPerson).map((row) => ({
        provider: row.getString('provider'),
        created: momentOf(row, 'created'),
      })),
      devices: find(beside, '_authOrigins', ofPerson).map((row) => ({
        fingerprint: row.getString('fingerprint'),
        created: momentOf(row, 'created'),
        updated: momentOf(row, 'updated'),
      })),
    };
    const write = (text) => e.response.write(toBytes(text, 0));
    e.response.header().set('content-type', 'application/json; charset=utf-8');
    e.response.header().set('cache-control', 'no-store');
    write(`${JSON.stringify(parts).slice(0, -1)},"auditEntries":[`);
    let separator = '';
    eachAuditEntry(e.auth, person, (entry) => {
      write(separator + JSON.stringify(entry));
      separator = ',';
    });
    write(']}');
  },
};
