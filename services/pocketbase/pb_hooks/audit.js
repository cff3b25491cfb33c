/** The audit log: who changed which fields. Personal values are not kept, only that they changed. */
const NOT_KEPT = '[not kept]';
const PERSONAL = {
  users: ['email', 'name', 'password'],
  api_keys: ['name'],
  _superusers: ['email', 'password'],
  _externalAuths: ['providerId'],
  invitations: ['email', 'name', 'invited_by_name'],
};
const NEVER = ['id', 'collectionId', 'collectionName', 'expand', 'created', 'updated', 'rev', 'emailVisibility'];
const isEmpty = (value) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Visible fields and their values; hidden ones (key hash, password hash, token key) never leave the record. */
function valuesOf(record) {
  const values = JSON.parse(JSON.stringify(record));
  for (const field of NEVER) delete values[field];
  if (record.collection().isAuth()) values.email = record.email();
  return values;
}

/** Changed fields only, personal values blacked out. `changed` may name more fields whose values can't be read. */
function difference(collection, before, after, changed) {
  const result = { before: {}, after: {} };
  const fields = new Set([...Object.keys(before), ...Object.keys(after), ...changed]);
  for (const field of fields) {
    const same = JSON.stringify(before[field]) === JSON.stringify(after[field]);
    if (!changed.includes(field) && (same || (isEmpty(before[field]) && isEmpty(after[field])))) continue;
    const isPersonal = (PERSONAL[collection] || []).includes(field);
    for (const [side, values] of [
      ['before', before],
      ['after', after],
    ])
      if (!isEmpty(values[field]) || changed.includes(field))
        result[side][field] = isPersonal ? NOT_KEPT : values[field];
  }
  return result;
}

/**
 * The network that a request came from, not the machine: enough to tell the office from abroad, too little to tell who.
 * `203.0.113.7` -> `203.0.113.0/24`, `2001:db8:85a3:8d3::1` -> `2001:db8:85a3::/48`.
 */
function networkOf(ip) {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i.exec(ip);
  if (v4) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24`;
  if (!/^[0-9a-f:]+$/i.test(ip) || !ip.includes(':')) return '';
  const [head, tail] = ip.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups =
    tail === undefined ? head : [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return `${groups.slice(0, 3).join(':')}::/48`;
}

function rowOf(tx, entry) {
  const row = new Record(tx.findCollectionByNameOrId('audit_logs'));
  for (const field in entry) row.set(field, entry[field]);
  return row;
}

function write(tx, entry) {
  tx.save(rowOf(tx, entry));
}

/** For what happened elsewhere, a while ago. */
function writeAt(tx, at, entry) {
  const row = rowOf(tx, entry);
  // Raw: PocketBase would put its own clock's time over a date set otherwise.
  row.setRaw('created', new DateTime(at));
  tx.save(row);
}

/** `tenant`: whose admins may read it. Products and models belong to nobody: platform admins only. */
function describe(action, record, changes) {
  const collection = record.collection().name;
  const tenant = collection === 'tenants' ? record.id : record.getString('tenant');
  return { action, target_collection: collection, target_id: record.id, tenant, ...changes };
}

module.exports = {
  write,
  writeAt,
  networkOf,

  /** Runs the rest of a request (`e.next`) and writes its audit row in the same transaction. */
  around(e, action) {
    const app = e.app;
    const collection = e.record.collection().name;
    const before = action === 'create' ? {} : valuesOf(e.record.original());
    const isAuth = e.record.collection().isAuth();
    const sent = isAuth && action === 'update' && e.requestInfo().body.password ? ['password'] : [];
    try {
      app.runInTransaction((tx) => {
        e.app = tx;
        // What the request asks for: after the save, the record holds its new values as the original ones.
        const asked = action === 'update' ? valuesOf(e.record) : {};
        e.next();
        const after = action === 'create' ? valuesOf(e.record) : asked;
        // Nothing of somebody who is erased, not even what their record said last.
        const erased = collection === 'users' && action === 'delete';
        const changes = erased ? { before: {}, after: {} } : difference(collection, before, after, sent);
        if (action === 'update' && Object.keys({ ...changes.before, ...changes.after }).length === 0) return;
        const actor = e.auth.id;
        const actorRole = e.auth.isSuperuser() ? 'superuser' : e.auth.getString('role');
        const ip = erased && actor === e.record.id ? '' : networkOf(e.realIP());
        write(tx, { actor, actor_role: actorRole, ip, ...describe(action, e.record, changes) });
      });
    } finally {
      e.app = app;
    }
  },

  /** Who erased whom; whoever erased themself leaves no address behind. */
  recordErasure(tx, auth, ip, person) {
    const actor_role = auth.isSuperuser() ? 'superuser' : auth.getString('role');
    const from = auth.id === person.id ? '' : networkOf(ip);
    write(tx, { actor: auth.id, actor_role, ip: from, ...describe('delete', person, { before: {}, after: {} }) });
  },

  /** Runs `change` and writes down what of the record it has changed, for `person` who asked for it elsewhere. */
  recordUpdate(tx, person, ip, record, change) {
    const before = valuesOf(record);
    change();
    const changes = difference(record.collection().name, before, valuesOf(record), []);
    const entry = describe('update', record, changes);
    const actor_role = person.isSuperuser() ? 'superuser' : person.getString('role');
    write(tx, { actor: person.id, actor_role, ip: networkOf(ip), ...entry });
  },

  /** For a record that `person` made through another service. */
  recordCreation(tx, person, ip, record) {
    const changes = difference(record.collection().name, {}, valuesOf(record), []);
    const entry = describe('create', record, changes);
    write(tx, { actor: person.id, actor_role: person.getString('role'), ip: networkOf(ip), ...entry });
  },
};
