/**
 * Who may list, view, create, update and delete what: all rules in one place (they take the place of the earlier ones).
 * A superuser passes every rule; the triggers of the append-only migration bind superusers too.
 */
// Sign-in asks for the same, but a token that is already out is checked by every rule anew.
const TENANT_ACTIVE =
  '@request.auth.tenant != "" && @request.auth.tenant.status = "active" && (@request.auth.tenant.expires_at = "" || @request.auth.tenant.expires_at > @now)';
const ACTIVE = `@request.auth.collectionName = "users" && @request.auth.status = "active" && ${TENANT_ACTIVE}`;
const PLATFORM_ADMIN = `(${ACTIVE} && @request.auth.role = "platform_admin")`;
const TENANT_ADMIN = `(${ACTIVE} && @request.auth.role = "tenant_admin")`;
const SAME_TENANT = '(tenant != "" && tenant = @request.auth.tenant)';
const unchanged = (...fields) => fields.map((field) => `@request.body.${field}:changed = false`).join(' && ');

function setRules(app, name, rules) {
  const collection = app.findCollectionByNameOrId(name);
  collection.listRule = rules.read ?? null;
  collection.viewRule = rules.read ?? null;
  collection.createRule = rules.create ?? null;
  collection.updateRule = rules.update ?? null;
  collection.deleteRule = rules.delete ?? null;
  if (collection.isAuth()) {
    collection.authRule = rules.auth;
    collection.manageRule = rules.manage;
  }
  app.save(collection);
}

function setRulesOfPeople(app) {
  const OWN_SETTINGS_ONLY = unchanged(
    'tenant',
    'product',
    'role',
    'kind',
    'status',
    'budget_override_eur',
    'cost_centre',
    'verified',
  );
  const ROLE_BELOW_PLATFORM =
    '(@request.body.role:changed = false || @request.body.role = "member" || @request.body.role = "tenant_admin")';
  // Admins of a tenant don't lift each other: what an admin may spend, and who stops being one, a platform admin decides.
  const MEMBER_OR_NO_RAISE = `(role = "member" || (${unchanged('role', 'product', 'budget_override_eur')}))`;
  const BY_TENANT_ADMIN = [
    TENANT_ADMIN,
    SAME_TENANT,
    'id != @request.auth.id',
    'role != "platform_admin"',
    unchanged('tenant', 'kind', 'verified'),
    ROLE_BELOW_PLATFORM,
    MEMBER_OR_NO_RAISE,
  ].join(' && ');
  const NEW_BY_TENANT_ADMIN = [
    TENANT_ADMIN,
    SAME_TENANT,
    'kind != "service_account"',
    '(role = "member" || role = "" || (role = "tenant_admin" && budget_override_eur = ""))',
  ].join(' && ');
  setRules(app, 'users', {
    // An expired tenant and single sign-on are refused with their own words: person.js.
    auth: 'status = "active" && tenant.status = "active"',
    manage: PLATFORM_ADMIN,
    read: `${PLATFORM_ADMIN} || (${ACTIVE} && id = @request.auth.id) || (${TENANT_ADMIN} && ${SAME_TENANT})`,
    create: `${PLATFORM_ADMIN} || (${NEW_BY_TENANT_ADMIN})`,
    update: `${PLATFORM_ADMIN} || (${ACTIVE} && id = @request.auth.id && ${OWN_SETTINGS_ONLY}) || (${BY_TENANT_ADMIN})`,
    delete: PLATFORM_ADMIN,
  });
}

function setRulesOfKeys(app) {
  // key_hash is hidden: PocketBase drops it from bodies, filters and answers of everybody but superusers.
  // Made by identity through /api/internal/api-keys only. Its owner and admins may rename or revoke it; back, nobody.
  const KEY_IDENTITY = `${unchanged('user', 'tenant', 'prefix', 'last_used')} && (revoked = false || @request.body.revoked:changed = false)`;
  const KEY_LIMITS = unchanged('expires', 'monthly_budget_eur', 'models');
  setRules(app, 'api_keys', {
    read: `${PLATFORM_ADMIN} || (${ACTIVE} && user = @request.auth.id) || (${TENANT_ADMIN} && ${SAME_TENANT})`,
    update: `${KEY_IDENTITY} && (${PLATFORM_ADMIN} || (${KEY_LIMITS} && ((${ACTIVE} && user = @request.auth.id) || (${TENANT_ADMIN} && ${SAME_TENANT}))))`,
    delete: PLATFORM_ADMIN,
  });
}

migrate((app) => {
  const byPlatformAdmin = { create: PLATFORM_ADMIN, update: PLATFORM_ADMIN, delete: PLATFORM_ADMIN };
  setRules(app, 'tenants', {
    read: `${PLATFORM_ADMIN} || (${ACTIVE} && id = @request.auth.tenant)`,
    ...byPlatformAdmin,
  });
  setRules(app, 'products', {
    read: `${PLATFORM_ADMIN} || ${TENANT_ADMIN} || (${ACTIVE} && id = @request.auth.product)`,
    ...byPlatformAdmin,
  });
  setRules(app, 'models', { read: `${PLATFORM_ADMIN} || (${ACTIVE} && enabled = true)`, ...byPlatformAdmin });
  setRulesOfPeople(app);
  setRulesOfKeys(app);
  setRules(app, 'usage_logs', {
    read: `${PLATFORM_ADMIN} || (${ACTIVE} && subject = @request.auth.id) || (${TENANT_ADMIN} && ${SAME_TENANT})`,
  });
  setRules(app, 'audit_logs', { read: `${PLATFORM_ADMIN} || (${TENANT_ADMIN} && ${SAME_TENANT})` });
  setRules(app, 'outbox', {});
});
