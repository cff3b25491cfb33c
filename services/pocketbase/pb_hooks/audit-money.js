/**
 * Audit rows of what billing changed: prices, top-ups, decisions and the like, of the applications that identity keeps, and
 * of who looked at a kept request. They tell who, from where, when and what, in ids, kinds and amounts; what people wrote
 * stays with them. Each entry is written once, however often it comes.
 */
const audit = require(`${__hooks}/audit.js`);

const ENTRIES_MAX = 200;
const FIELDS_MAX = 200;
const RECORD_ID_SPACE = 36n ** 15n;
const COLLECTIONS = [
  'budget_requests',
  'adjustments',
  'alert_settings',
  'prices',
  'exchange_rates',
  're_ratings',
  'service_tokens',
  'oidc_clients',
  'contents',
];

const matches = (pattern) => (value) => typeof value === 'string' && pattern.test(value);
const isOneOf = (values) => (value) => values.includes(value);
const isScalar = (value) => typeof value === 'string' || typeof value === 'number';
const isRecordId = matches(/^[a-z0-9]{15}$/);

function areFields(value) {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return false;
  const values = Object.values(value);
  return (
    values.length <= FIELDS_MAX &&
    values.every((each) => isScalar(each) || (Array.isArray(each) && each.every(isScalar)))
  );
}

const CHECKS = {
  id: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  at: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  tenantId: (value) => value === '' || isRecordId(value),
  actor: (value) => value === 'command' || isRecordId(value),
  actorRole: isOneOf(['member', 'tenant_admin', 'platform_admin', 'superuser']),
  network: matches(/^[0-9a-f.:/]{0,45}$/i),
  action: isOneOf(['create', 'update', 'delete', 'read']),
  collection: isOneOf(COLLECTIONS),
  targetId: matches(/^[\w-]{1,40}$/),
  before: areFields,
  after: areFields,
};

/** @throws BadRequestError naming the entry and field, for example "entries.3.actor" */
function checkBatch({ entries }) {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > ENTRIES_MAX)
    throw new BadRequestError(`The field entries must be a list of 1 to ${ENTRIES_MAX} audit entries.`);
  entries.forEach((entry, index) => {
    for (const field in CHECKS)
      if (!entry || !CHECKS[field](entry[field]))
        throw new BadRequestError(`The field entries.${index}.${field} is not valid.`);
  });
  return entries;
}

/** 15 letters and digits from the entry's own id. */
function recordIdOf({ id }) {
  const number = BigInt(`0x${$security.sha256(`audit ${id.toLowerCase()}`).slice(0, 40)}`) % RECORD_ID_SPACE;
  return number.toString(36).padStart(15, '0');
}

/** Whoever was erased since leaves no address behind. */
function networkOf(tx, { actor, network }) {
  const erased = tx.countRecords('erasures', $dbx.hashExp({ subject: actor })) > 0;
  return erased ? '' : network;
}

module.exports = {
  /** Write a batch in one transaction. @returns how many entries were new */
  write(rawBody) {
    const entries = checkBatch(JSON.parse(JSON.stringify(rawBody)));
    let written = 0;
    $app.runInTransaction((tx) => {
      for (const entry of entries) {
        const id = recordIdOf(entry);
        if (tx.countRecords('audit_logs', $dbx.hashExp({ id })) > 0) continue;
        const { tenantId, actor, actorRole, action, collection, targetId, before, after } = entry;
        const row = { id, tenant: tenantId, actor, actor_role: actorRole, ip: networkOf(tx, entry), action };
        audit.writeAt(tx, entry.at, {
          ...row,
          ...{ target_collection: collection, target_id: targetId, before, after },
        });
        written += 1;
      }
    });
    return { written };
  },
};
