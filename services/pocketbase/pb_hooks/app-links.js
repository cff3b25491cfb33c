/** Addresses of our own pages: admins are led to the portal, members to the chat of their tenant. */
const signInConfig = require(`${__hooks}/sign-in-config.js`);
const { domainsOf } = require(`${__hooks}/tenant.js`);

/** The chat is at the tenant's own domain where it has one; the portal finds a tenant's proxy alike (`tenantAddress`). */
function baseUrl(app, role, tenant) {
  const { portalUrl, chatUrl } = signInConfig.read();
  const isMember = role === 'member';
  const own = isMember && domainsOf(tenant).find((domain) => domain.startsWith('app.'));
  if (own) return `https://${own}`;
  const url = isMember ? chatUrl : portalUrl;
  return (url || app.settings().meta.appURL.replace(/\/+$/, '')).replace('{tenant}', tenant.getString('slug'));
}

module.exports = {
  /** `record`: a person or an invitation. `path` such as `/reset-password`. */
  to(app, record, path, token) {
    const tenant = app.findRecordById('tenants', record.getString('tenant'));
    const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`;
    return `${baseUrl(app, record.getString('role'), tenant)}${path}${query}`;
  },
};
