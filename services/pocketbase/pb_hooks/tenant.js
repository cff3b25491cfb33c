/** Rules of a tenant: what its type means, its domains, and who of it may work. */
const signInConfig = require(`${__hooks}/sign-in-config.js`);

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LOCAL_HOSTS = ['localhost', '127.0.0.1'];
const DOMAINS_MAX = 50;
const DEMO_DAYS = 30;
const DAY_MS = 86_400_000;

function refuse(field, code, message) {
  throw new BadRequestError('The tenant is not valid.', { [field]: new ValidationError(code, message) });
}

function checkTimeZone(record) {
  const zone = record.getString('time_zone');
  // An unknown zone becomes UTC without a word.
  if (zone === 'Local' || new Timezone(zone).string() !== zone)
    refuse('time_zone', 'invalid_time_zone', 'Must be an IANA time zone such as Europe/Berlin.');
}

/** What each type of tenant can't have. */
function checkType(record) {
  const type = record.getString('type');
  if (type === 'internal' && Number(record.getString('markup_percent')) !== 0)
    refuse('markup_percent', 'internal_without_markup', 'An internal tenant pays no mark-up: must be 0.');
  const expires = record.getString('expires_at') !== '';
  if (type === 'demo' && !expires)
    refuse('expires_at', 'demo_needs_expiry', 'A demo needs the moment at which it ends.');
  if (type !== 'demo' && expires)
    refuse('expires_at', 'expiry_of_demo_only', 'Only a demo ends by itself: must be empty for this type.');
  if (type === 'enterprise') return;
  if (record.getBool('single_sign_on_required'))
    refuse('single_sign_on_required', 'enterprise_only', 'Only enterprise tenants can require single sign-on.');
  if (record.getInt('retention_days') !== 0)
    refuse('retention_days', 'enterprise_only', 'Only enterprise tenants have a retention of their own: must be 0.');
}

const hasProvider = () => signInConfig.read().providers.length > 0;

/** Where it was required before the provider went, it stays: a closed door is not opened by a missing variable. */
function checkSignIn(record) {
  const isNew = record.isNew() || !record.original().getBool('single_sign_on_required');
  if (record.getBool('single_sign_on_required') && isNew && !hasProvider())
    refuse(
      'single_sign_on_required',
      'no_sign_in_provider',
      'This installation has no sign-in provider, so nobody could get in: set one first (OIDC_1_…, GOOGLE_… or MICROSOFT_…, docs/operations/sign-in.md), or leave it off.',
    );
}

function domainsOf(record) {
  const domains = JSON.parse(record.getString('domains') || '[]');
  return domains === null || domains === '' ? [] : domains;
}

function checkDomains(record) {
  const domains = domainsOf(record);
  const isDev = record.getString('type') === 'dev';
  const isHost = (domain) =>
    typeof domain === 'string' && (HOST_NAME.test(domain) || (isDev && LOCAL_HOSTS.includes(domain)));
  if (!Array.isArray(domains) || domains.length > DOMAINS_MAX || !domains.every(isHost))
    refuse(
      'domains',
      'invalid_domains',
      `Must be a list of at most ${DOMAINS_MAX} host names in lower case such as ["chat.example.com"]; localhost is for dev tenants only.`,
    );
  if (new Set(domains).size !== domains.length) refuse('domains', 'repeated_domain', 'Each domain once.');
}

module.exports = {
  /** Host names, none of which another tenant has. */
  domainsOf,

  setDefaults(record) {
    const defaults = {
      status: 'active',
      time_zone: 'Europe/Berlin',
      locale: 'de',
      markup_percent: '0',
      answer_cache: 'off',
    };
    for (const field in defaults) if (record.getString(field) === '') record.set(field, defaults[field]);
    if (record.getString('type') === 'demo' && record.getString('expires_at') === '')
      record.set('expires_at', new Date(Date.now() + DEMO_DAYS * DAY_MS).toISOString());
  },

  /** An enterprise signs in at its own provider, unless whoever makes the tenant says otherwise or there is none. */
  setSignInDefault(e) {
    if ('single_sign_on_required' in e.requestInfo().body) return;
    e.record.set('single_sign_on_required', module.exports.signsInAtProvider(e.record.getString('type')));
  },

  /** Whether a new tenant of this type requires single sign-on where nobody says. */
  signsInAtProvider: (type) => type === 'enterprise' && hasProvider(),

  /** @throws BadRequestError naming the field that doesn't fit the type, or is no time zone or list of host names */
  check(record) {
    checkTimeZone(record);
    checkType(record);
    checkSignIn(record);
    checkDomains(record);
  },

  /** In the transaction of the change, which is alone: no two tenants take a domain at the same moment. */
  refuseTakenDomains(app, record) {
    const domains = domainsOf(record).filter((domain) => !LOCAL_HOSTS.includes(domain));
    if (domains.length === 0) return;
    const taken = arrayOf(new DynamicModel({ domain: '' }));
    app
      .db()
      .newQuery(
        `SELECT own.value AS domain FROM json_each({:domains}) own
         WHERE EXISTS (SELECT 1 FROM tenants, json_each(tenants.domains) theirs
           WHERE tenants.id <> {:id} AND theirs.value = own.value)`,
      )
      .bind({ domains: JSON.stringify(domains), id: record.id })
      .all(taken);
    const names = [...taken].map(({ domain }) => domain);
    if (names.length > 0) refuse('domains', 'domain_taken', `Another tenant has ${names.join(', ')} already.`);
  },

  /** `suspended`, `expired` (a demo after its day), or `active`. */
  standingOf(record) {
    if (record.getString('status') !== 'active') return 'suspended';
    const expires = record.getString('expires_at');
    return expires !== '' && Date.parse(expires.replace(' ', 'T')) <= Date.now() ? 'expired' : 'active';
  },

  /**
   * Sessions from before a suspension, or before the end of a demo that is prolonged, are over for good. By SQL: the key
   * of sessions is no part of the directory, so nobody gets a new revision.
   */
  endSessionsWhereAccessChanged(app, record) {
    const before = record.original();
    const statusChanged = before.getString('status') !== record.getString('status');
    const prolonged =
      module.exports.standingOf(before) === 'expired' &&
      before.getString('expires_at') !== record.getString('expires_at');
    if (!statusChanged && !prolonged) return;
    app
      .db()
      .newQuery('UPDATE users SET tokenKey = lower(hex(randomblob(25))) WHERE tenant = {:tenant}')
      .bind({ tenant: record.id })
      .execute();
  },

  /** @throws BadRequestError: without its last tenant a model would be everybody's */
  refuseWhereUsed(app, record) {
    if (app.findRecordsByFilter('models', 'only_tenants.id ?= {:id}', '', 1, 0, { id: record.id }).length > 0)
      throw new BadRequestError('There are models for this tenant only: delete them or give them to others first.');
  },
};
