/**
 * Applies an import that identity has read from a file: in one transaction, under the rights of who sent it, whole or not
 * at all. A trial does the same and takes it back.
 */
const audit = require(`${__hooks}/audit.js`);
const person = require(`${__hooks}/person.js`);
const tenant = require(`${__hooks}/tenant.js`);

const ROWS_MAX = 1000;
/** Column -> field. */
const PERSON_FIELDS = {
  name: 'name',
  product: 'product',
  role: 'role',
  status: 'status',
  locale: 'locale',
  cost_centre: 'cost_centre',
  monthly_budget_eur: 'budget_override_eur',
};
const columnOf = (field) => Object.keys(PERSON_FIELDS).find((column) => PERSON_FIELDS[column] === field) || field;
const TENANT_FIELDS = ['name', 'type', 'status', 'time_zone', 'locale', 'monthly_budget_eur', 'markup_percent'];
const AMOUNTS = ['budget_override_eur', 'monthly_budget_eur', 'markup_percent'];

/** What admins of a tenant don't change of each other, as by the access rules. */
const RAISES = ['role', 'product', 'budget_override_eur'];

/** Ends the transaction of a trial. */
const TAKE_BACK = 'the import is taken back';

class Fault extends Error {
  constructor(column, code, detail) {
    super(code);
    this.column = column;
    this.code = code;
    this.detail = detail || '';
  }
}

const idsBy = (tx, collection, field) => {
  const ids = {};
  for (const record of tx.findAllRecords(collection)) ids[record.getString(field)] = record.id;
  return ids;
};

/** "25.00" and "25" are one amount. */
const canonical = (text) =>
  text
    .replace(/^0+(?=\d)/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
function isSame(field, a, b) {
  if (field === 'domains') return JSON.stringify(JSON.parse(a || 'null') || []) === b;
  return AMOUNTS.includes(field) ? canonical(a) === canonical(b) : a === b;
}

/** Fields that a line would change. @returns field -> new text */
function changesOf(record, wanted) {
  const changes = {};
  for (const field in wanted)
    if (!isSame(field, record.getString(field), wanted[field])) changes[field] = wanted[field];
  return changes;
}

/** Why a record is refused: by our own hooks (an error with fields) or by PocketBase's fields ("name: must be …"). */
function refusalOf(error) {
  const { data } = JSON.parse(JSON.stringify(error.value || {}));
  const [field] = Object.keys(data || {});
  if (field) return new Fault(columnOf(field), 'refused', data[field].message);
  const words = String(error).replace(/^GoError: /, '');
  const [, named, detail] = /^(\w+): ([^;]*)/.exec(words) || [];
  return named ? new Fault(columnOf(named), 'refused', detail) : new Fault(null, 'refused', words);
}

function save(tx, record) {
  try {
    tx.save(record);
  } catch (error) {
    throw refusalOf(error);
  }
}

/** One password for a whole import that nobody ever sees: hashing one for each line would take minutes. */
function newClosedPassword(collection) {
  const record = new Record(collection);
  record.setRandomPassword();
  return record.getRaw('password');
}

function findByEmail(tx, email) {
  try {
    return tx.findAuthRecordByEmail('users', email);
  } catch (_) {
    return null;
  }
}

class PeopleImport {
  constructor(tx, caller, ip) {
    this.tx = tx;
    this.caller = caller;
    this.ip = ip;
    this.seesAll = caller.getString('role') === 'platform_admin';
    this.tenants = idsBy(tx, 'tenants', 'slug');
    this.products = idsBy(tx, 'products', 'name');
    this.collection = tx.findCollectionByNameOrId('users');
    this.closedPassword = newClosedPassword(this.collection);
  }

  tenantOf(values) {
    const own = this.caller.getString('tenant');
    if (!values.tenant) return this.seesAll ? '' : own;
    const id = this.tenants[values.tenant];
    if (!this.seesAll && id !== own) throw new Fault('tenant', 'tenant_not_yours');
    if (!id) throw new Fault('tenant', 'tenant_unknown');
    return id;
  }

  wantedOf(values) {
    const wanted = {};
    for (const column in PERSON_FIELDS) {
      if (!(column in values)) continue;
      let value = values[column] || '';
      if (column === 'product' && value !== '') {
        value = this.products[value];
        if (!value) throw new Fault('product', 'product_unknown');
      }
      wanted[PERSON_FIELDS[column]] = value;
    }
    if (wanted.role === 'platform_admin' && !this.seesAll) throw new Fault('role', 'role_not_yours');
    return wanted;
  }

  create(values, tenant, wanted) {
    if (!tenant) throw new Fault('tenant', 'tenant_missing');
    if (!this.seesAll && wanted.role === 'tenant_admin' && wanted.budget_override_eur)
      throw new Fault('monthly_budget_eur', 'person_not_yours');
    const record = new Record(this.collection);
    record.set('email', values.email);
    record.set('tenant', tenant);
    for (const field in wanted) record.set(field, wanted[field]);
    record.setRaw('password', this.closedPassword);
    record.refreshTokenKey();
    save(this.tx, record);
    audit.recordCreation(this.tx, this.caller, this.ip, record);
    return 'create';
  }

  /** @throws Fault where the caller may not change this person so */
  checkReach(record, changes) {
    if (record.id === this.caller.id && Object.keys(changes).some((field) => !['name', 'locale'].includes(field)))
      throw new Fault('email', 'oneself');
    if (this.seesAll || record.getString('role') === 'member') return;
    const isPlatformAdmin = record.getString('role') === 'platform_admin';
    const raised = RAISES.find((field) => field in changes);
    if (isPlatformAdmin || raised) throw new Fault('email', 'person_not_yours');
  }

  apply(values) {
    const tenant = this.tenantOf(values);
    const wanted = this.wantedOf(values);
    const record = findByEmail(this.tx, values.email);
    if (!record) return this.create(values, tenant, wanted);
    const isElsewhere = tenant !== '' && record.getString('tenant') !== tenant;
    if (isElsewhere) throw this.seesAll ? new Fault('tenant', 'tenant_other') : new Fault('email', 'address_taken');
    const changes = changesOf(record, wanted);
    if (Object.keys(changes).length === 0) return 'unchanged';
    this.checkReach(record, changes);
    audit.recordUpdate(this.tx, this.caller, this.ip, record, () => {
      for (const field in changes) record.set(field, changes[field]);
      save(this.tx, record);
    });
    return 'change';
  }
}

class TenantsImport {
  constructor(tx, caller, ip) {
    this.tx = tx;
    this.caller = caller;
    this.ip = ip;
    this.ids = idsBy(tx, 'tenants', 'slug');
    this.collection = tx.findCollectionByNameOrId('tenants');
  }

  apply(values) {
    const wanted = {};
    for (const field of TENANT_FIELDS) if (field in values) wanted[field] = values[field] || '';
    if ('domains' in values) wanted.domains = JSON.stringify((values.domains || '').split(' ').filter(Boolean));
    const id = this.ids[values.slug];
    if (!id) {
      for (const field of ['name', 'type']) if (!wanted[field]) throw new Fault(field, 'value_missing');
      const record = new Record(this.collection);
      record.set('slug', values.slug);
      for (const field in wanted) record.set(field, wanted[field]);
      record.set('single_sign_on_required', tenant.signsInAtProvider(wanted.type));
      save(this.tx, record);
      audit.recordCreation(this.tx, this.caller, this.ip, record);
      return 'create';
    }
    const record = this.tx.findRecordById('tenants', id);
    const changes = changesOf(record, wanted);
    if (Object.keys(changes).length === 0) return 'unchanged';
    audit.recordUpdate(this.tx, this.caller, this.ip, record, () => {
      for (const field in changes) record.set(field, changes[field]);
      save(this.tx, record);
    });
    return 'change';
  }
}

function checkCaller(tx, kind, callerId) {
  const caller = tx.findRecordById('users', callerId);
  person.checkActive(caller, tx.findRecordById('tenants', caller.getString('tenant')));
  const role = caller.getString('role');
  const may = role === 'platform_admin' || (kind === 'people' && role === 'tenant_admin');
  if (!may) throw new ForbiddenError('Only admins import.');
  return caller;
}

module.exports = {
  /** @returns what was done with each line, or the faults of those that can't be */
  run(rawBody) {
    const { kind, callerId, ip, dryRun, rows } = JSON.parse(JSON.stringify(rawBody));
    if (!['people', 'tenants'].includes(kind)) throw new BadRequestError('The field kind must be people or tenants.');
    if (!Array.isArray(rows) || rows.length > ROWS_MAX)
      throw new BadRequestError(`The field rows must be a list of at most ${ROWS_MAX}.`);
    const actions = [];
    const faults = [];
    try {
      $app.runInTransaction((tx) => {
        const Import = kind === 'people' ? PeopleImport : TenantsImport;
        const work = new Import(tx, checkCaller(tx, kind, callerId), ip);
        for (const { line, values } of rows) {
          try {
            actions.push({ line, action: work.apply(values) });
          } catch (fault) {
            if (!(fault instanceof Fault)) throw fault;
            const detail = work.caller.getString('locale') === 'de' ? $toGerman(fault.detail) : fault.detail;
            faults.push({ line, column: fault.column, code: fault.code, detail });
          }
        }
        if (dryRun || faults.length > 0) throw new Error(TAKE_BACK);
      });
    } catch (error) {
      if (!String(error).includes(TAKE_BACK)) throw error;
    }
    return { actions, faults };
  },
};
