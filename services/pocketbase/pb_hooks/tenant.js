/** Rules of a tenant. */
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const seesMarkup = (auth) => !!auth && (auth.isSuperuser() || auth.getString('role') === 'platform_admin');

module.exports = {
  setDefaults(record) {
    const defaults = { status: 'active', time_zone: 'Europe/Berlin', locale: 'de', markup_percent: '0' };
    for (const field in defaults) if (record.getString(field) === '') record.set(field, defaults[field]);
  },

  /** @throws BadRequestError for a time zone that doesn't exist or domains that aren't a list of domain names */
  check(record) {
    const zone = record.getString('time_zone');
    // An unknown zone becomes UTC without a word.
    if (zone === 'Local' || new Timezone(zone).string() !== zone)
      throw new BadRequestError('The tenant is not valid.', {
        time_zone: new ValidationError('invalid_time_zone', 'Must be an IANA time zone such as Europe/Berlin.'),
      });
    const domains = JSON.parse(record.getString('domains') || 'null');
    const valid =
      domains === null || domains === '' || (Array.isArray(domains) && domains.every((domain) => DOMAIN.test(domain)));
    if (!valid)
      throw new BadRequestError('The tenant is not valid.', {
        domains: new ValidationError('invalid_domains', 'Must be a list of domain names such as ["example.com"].'),
      });
  },

  hideMarkup(e) {
    if (e.requestInfo && !seesMarkup(e.requestInfo.auth)) e.record.hide('markup_percent');
  },
};
