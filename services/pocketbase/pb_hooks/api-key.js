/** Keeps an API key that identity made for a person: its hash, never the key. */
const audit = require(`${__hooks}/audit.js`);
const people = require(`${__hooks}/person.js`);

function findPerson(app, id, refusal) {
  try {
    return app.findRecordById('users', String(id));
  } catch (_) {
    throw refusal;
  }
}

const NOT_YOURS = 'The field userId names no service account that you may make keys for.';

/** @returns who makes the key. @throws BadRequestError where they may not make one for this person */
function findCaller(tx, callerId, person) {
  if (callerId === person.id) return person;
  const caller = findPerson(tx, callerId, new NotFoundError('The field callerId names no person.'));
  people.checkActive(caller, tx.findRecordById('tenants', caller.getString('tenant')));
  const role = caller.getString('role');
  const isNear = role === 'tenant_admin' && caller.getString('tenant') === person.getString('tenant');
  if (person.getString('kind') === 'service_account' && (role === 'platform_admin' || isNear)) return caller;
  throw new BadRequestError(NOT_YOURS);
}

function modelIds(app, names) {
  if (!Array.isArray(names)) throw new BadRequestError('The field models must be a list of public model names.');
  return names.map((name) => {
    const found = app.findRecordsByFilter('models', 'name = {:name}', '', 1, 0, { name: String(name) });
    if (found.length === 0)
      throw new BadRequestError(`The field models names ${JSON.stringify(name)}, which is no model here.`);
    return found[0].id;
  });
}

/** Kinds of limits: the field of a record, by its name in the body. */
const LIMITS = {
  requestsPerMinute: 'requests_per_minute',
  tokensPerMinute: 'tokens_per_minute',
  parallelRequests: 'parallel_requests',
};

/** Absent: none of its own. */
function checkLimits(body) {
  for (const field in LIMITS) {
    const limit = body[field];
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0))
      throw new BadRequestError(`The field ${field} must be a whole number from 0.`);
  }
}

function checkExpiry(expiresAt) {
  if (expiresAt === '') return;
  const time = Date.parse(expiresAt);
  if (Number.isNaN(time)) throw new BadRequestError('The field expiresAt must be an ISO 8601 time or an empty string.');
  if (time <= Date.now()) throw new BadRequestError('The field expiresAt lies in the past.');
}

module.exports = {
  /** @throws ApiError 404 unknown person, 403 suspended or expired, 400 naming the field that is not right */
  create(rawBody, ip) {
    const body = JSON.parse(JSON.stringify(rawBody));
    for (const field of ['userId', 'name', 'sha256', 'prefix', 'expiresAt', 'monthlyBudgetEur'])
      if (typeof body[field] !== 'string') throw new BadRequestError(`The field ${field} must be a string.`);
    checkExpiry(body.expiresAt);
    checkLimits(body);
    let id = '';
    $app.runInTransaction((tx) => {
      const isForOneself = !body.callerId || body.callerId === body.userId;
      const nobody = isForOneself
        ? new NotFoundError('The field userId names no person.')
        : new BadRequestError(NOT_YOURS);
      const person = findPerson(tx, body.userId, nobody);
      const tenant = tx.findRecordById('tenants', person.getString('tenant'));
      const caller = findCaller(tx, body.callerId || person.id, person);
      people.checkActive(person, tenant);
      const record = new Record(tx.findCollectionByNameOrId('api_keys'));
      record.set('user', person.id);
      record.set('tenant', tenant.id);
      record.set('name', body.name);
      record.set('key_hash', body.sha256);
      record.set('prefix', body.prefix);
      record.set('expires', body.expiresAt);
      record.set('monthly_budget_eur', body.monthlyBudgetEur);
      record.set('models', modelIds(tx, body.models));
      for (const field in LIMITS) record.set(LIMITS[field], body[field] ?? 0);
      tx.save(record);
      audit.recordCreation(tx, caller, ip, record);
      id = record.id;
    });
    return { id };
  },
};
