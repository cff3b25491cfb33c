/**
 * Sign-in: invitations, who may come in by their company's provider, how long links live, wrong passwords per account,
 * notices to their owners, limits by address.
 */
const HOUR = 60 * 60;

const ACTIVE =
  '@request.auth.collectionName = "users" && @request.auth.status = "active" && @request.auth.tenant != "" && @request.auth.tenant.status = "active" && (@request.auth.tenant.expires_at = "" || @request.auth.tenant.expires_at > @now)';
const ADMINS = `(${ACTIVE} && (@request.auth.role = "platform_admin" || (@request.auth.role = "tenant_admin" && tenant = @request.auth.tenant)))`;

// Made, sent again and accepted by routes (invitation.js), where the link is made and mailed.
function createInvitations(app) {
  const relation = (name, collection, more) => ({
    type: 'relation',
    name,
    collectionId: app.findCollectionByNameOrId(collection).id,
    maxSelect: 1,
    cascadeDelete: false,
    ...more,
  });
  const choice = (name, values) => ({ type: 'select', name, required: true, maxSelect: 1, values });
  app.save(
    new Collection({
      type: 'base',
      name: 'invitations',
      listRule: ADMINS,
      viewRule: ADMINS,
      deleteRule: ADMINS,
      fields: [
        { type: 'email', name: 'email', required: true },
        { type: 'text', name: 'name', required: true, max: 120 },
        relation('tenant', 'tenants', { required: true, minSelect: 1, cascadeDelete: true }),
        relation('product', 'products'),
        choice('role', ['member', 'tenant_admin', 'platform_admin']),
        choice('locale', ['de', 'en']),
        { type: 'text', name: 'invited_by', max: 15 },
        { type: 'text', name: 'invited_by_name', max: 255 },
        { type: 'text', name: 'token_hash', required: true, hidden: true, pattern: '^[0-9a-f]{64}$' },
        { type: 'date', name: 'expires', required: true },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_invitations_email` ON `invitations` (`email` COLLATE NOCASE)',
        'CREATE UNIQUE INDEX `idx_invitations_token` ON `invitations` (`token_hash`)',
        'CREATE INDEX `idx_invitations_tenant` ON `invitations` (`tenant`)',
      ],
    }),
  );
}

/** Whose address is of this domain gets this product at the first sign-in by a provider; without both, nobody unknown. */
function openTenantsToDomains(app) {
  const tenants = app.findCollectionByNameOrId('tenants');
  const products = app.findCollectionByNameOrId('products');
  tenants.fields.add(
    new TextField({ name: 'sign_up_domain', max: 253, pattern: '^([a-z0-9-]{1,63}\\.)+[a-z]{2,63}$' }),
    new RelationField({ name: 'sign_up_product', collectionId: products.id, maxSelect: 1, cascadeDelete: false }),
  );
  tenants.addIndex('idx_tenants_sign_up_domain', true, '`sign_up_domain`', "`sign_up_domain` != ''");
  app.save(tenants);
}

// Tables of their own, no collections: no API reaches them.
function createTables(app) {
  const run = (query) => app.db().newQuery(query).execute();
  run('CREATE TABLE sign_in_failures (account TEXT PRIMARY KEY, failures INTEGER NOT NULL, until INTEGER NOT NULL)');
  run(
    'CREATE TABLE sign_in_notices (id INTEGER PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL)',
  );
}

function setTermsOfUsers(app) {
  const users = app.findCollectionByNameOrId('users');
  users.fields.getByName('password').min = 10;
  // Nobody remembers which letters of an address were capitals, and a provider may spell it otherwise.
  const index = users.indexes.find((sql) => sql.includes('(`email`)')).match(/INDEX `(\w+)`/)[1];
  users.removeIndex(index);
  users.addIndex(index, true, '`email` COLLATE NOCASE', "`email` != ''");
  users.verificationToken.duration = 72 * HOUR;
  users.passwordResetToken.duration = HOUR;
  users.emailChangeToken.duration = HOUR;
  app.save(users);
}

function addLimits(app) {
  const settings = app.settings();
  const each = (label, maxRequests) => ({ label, audience: '', duration: 60, maxRequests });
  settings.rateLimits.rules = [
    each('*:confirmEmailChange', 10),
    each('POST /api/sign-in/code', 30),
    each('/api/invitations/', 120),
    ...settings.rateLimits.rules,
  ];
  app.save(settings);
}

migrate((app) => {
  createInvitations(app);
  openTenantsToDomains(app);
  createTables(app);
  setTermsOfUsers(app);
  addLimits(app);
});
