/**
 * What a key may is its admin's to set, as the budget of its owner is: a tenant's admin changes the limits of keys of
 * members and service accounts. Nobody below a platform admin changes those of a key of their own or of another admin.
 */
const TENANT_ACTIVE =
  '@request.auth.tenant != "" && @request.auth.tenant.status = "active" && (@request.auth.tenant.expires_at = "" || @request.auth.tenant.expires_at > @now)';
const ACTIVE = `@request.auth.collectionName = "users" && @request.auth.status = "active" && ${TENANT_ACTIVE}`;
const PLATFORM_ADMIN = `(${ACTIVE} && @request.auth.role = "platform_admin")`;
const TENANT_ADMIN = `(${ACTIVE} && @request.auth.role = "tenant_admin")`;
const OF_MEMBER_HERE = '(tenant != "" && tenant = @request.auth.tenant) && user.role = "member"';

migrate((app) => {
  const keys = app.findCollectionByNameOrId('api_keys');
  const [identity, rest] = keys.updateRule.split(` && (${PLATFORM_ADMIN} || `);
  keys.updateRule = `${identity} && (${PLATFORM_ADMIN} || (${TENANT_ADMIN} && ${OF_MEMBER_HERE}) || ${rest}`;
  app.save(keys);
});
