/**
 * The directory: tenants, models, products, people and API keys. Who may do what is set by the access rules migration.
 * Money is TEXT, a decimal string in euro: "" is "not set", "0" is a budget of nothing. Numbers here are float64.
 */
const EUR = '^\\d{1,10}(\\.\\d{1,9})?$';
// Set by pb_hooks/directory-change.js alone; whatever a client sends is overwritten.
const rev = () => ({ type: 'number', name: 'rev', onlyInt: true, min: 0 });
const stamps = () => [
  { type: 'autodate', name: 'created', onCreate: true },
  { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
];
const choice = (name, values) => ({ type: 'select', name, required: true, maxSelect: 1, values });
const count = (name, more) => ({ type: 'number', name, onlyInt: true, min: 0, max: 1_000_000_000, ...more });

function createTenants(app) {
  const tenants = new Collection({
    type: 'base',
    name: 'tenants',
    fields: [
      { type: 'text', name: 'name', required: true, max: 120, presentable: true },
      { type: 'text', name: 'slug', required: true, pattern: '^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$' },
      choice('type', ['internal', 'demo', 'dev', 'enterprise']),
      choice('status', ['active', 'suspended']),
      { type: 'text', name: 'time_zone', required: true, max: 60 },
      choice('locale', ['de', 'en']),
      { type: 'text', name: 'monthly_budget_eur', pattern: EUR },
      { type: 'text', name: 'markup_percent', required: true, pattern: '^\\d{1,3}(\\.\\d{1,2})?$' },
      { type: 'json', name: 'domains', maxSize: 10_000 },
      rev(),
      ...stamps(),
    ],
    indexes: ['CREATE UNIQUE INDEX `idx_tenants_slug` ON `tenants` (`slug`)'],
  });
  app.save(tenants);
  return tenants;
}

function createModels(app) {
  const models = new Collection({
    type: 'base',
    name: 'models',
    fields: [
      { type: 'text', name: 'name', required: true, max: 120, pattern: '^\\S+$', presentable: true },
      { type: 'text', name: 'display_name', required: true, max: 120 },
      choice('provider', ['openai', 'anthropic', 'gemini']),
      { type: 'text', name: 'upstream_model', required: true, max: 200 },
      choice('region', ['eu', 'us', 'global']),
      count('context_tokens', { required: true, min: 1 }),
      count('output_tokens_max', { required: true, min: 1 }),
      choice('reasoning', ['none', 'visible', 'hidden']),
      { type: 'bool', name: 'enabled' },
      rev(),
      ...stamps(),
    ],
    indexes: ['CREATE UNIQUE INDEX `idx_models_name` ON `models` (`name`)'],
  });
  app.save(models);
  return models;
}

function createProducts(app, models) {
  const products = new Collection({
    type: 'base',
    name: 'products',
    fields: [
      { type: 'text', name: 'name', required: true, max: 120, presentable: true },
      { type: 'text', name: 'monthly_budget_eur', required: true, pattern: EUR },
      { type: 'relation', name: 'models', collectionId: models.id, maxSelect: 200, cascadeDelete: false },
      count('requests_per_minute'),
      count('tokens_per_minute'),
      count('parallel_requests'),
      count('output_cap_tokens'),
      rev(),
      ...stamps(),
    ],
  });
  app.save(products);
  return products;
}

function extendUsers(app, tenants, products) {
  const users = app.findCollectionByNameOrId('users');
  users.fields.removeByName('avatar');
  users.oauth2.mappedFields.avatarURL = '';
  users.fields.add(
    new RelationField({
      name: 'tenant',
      collectionId: tenants.id,
      required: true,
      minSelect: 1,
      maxSelect: 1,
      cascadeDelete: false,
    }),
    new RelationField({ name: 'product', collectionId: products.id, maxSelect: 1, cascadeDelete: false }),
    new SelectField({
      name: 'role',
      required: true,
      maxSelect: 1,
      values: ['member', 'tenant_admin', 'platform_admin'],
    }),
    new SelectField({ name: 'kind', required: true, maxSelect: 1, values: ['person', 'service_account'] }),
    new SelectField({ name: 'status', required: true, maxSelect: 1, values: ['active', 'suspended'] }),
    new TextField({ name: 'budget_override_eur', pattern: EUR }),
    new TextField({ name: 'cost_centre', max: 60 }),
    new SelectField({ name: 'locale', required: true, maxSelect: 1, values: ['de', 'en'] }),
    new NumberField({ name: 'rev', onlyInt: true, min: 0 }),
  );
  users.addIndex('idx_users_tenant', false, '`tenant`', '');
  users.addIndex('idx_users_product', false, '`product`', '');
  app.save(users);
  return users;
}

function createApiKeys(app, { tenants, users, models }) {
  const apiKeys = new Collection({
    type: 'base',
    name: 'api_keys',
    fields: [
      {
        type: 'relation',
        name: 'user',
        collectionId: users.id,
        required: true,
        minSelect: 1,
        maxSelect: 1,
        cascadeDelete: true,
      },
      {
        type: 'relation',
        name: 'tenant',
        collectionId: tenants.id,
        required: true,
        minSelect: 1,
        maxSelect: 1,
        cascadeDelete: false,
      },
      { type: 'text', name: 'name', required: true, max: 80, presentable: true },
      { type: 'text', name: 'prefix', required: true, max: 16 },
      { type: 'text', name: 'key_hash', required: true, hidden: true, pattern: '^[0-9a-f]{64}$' },
      { type: 'date', name: 'expires' },
      { type: 'text', name: 'monthly_budget_eur', pattern: EUR },
      { type: 'relation', name: 'models', collectionId: models.id, maxSelect: 100, cascadeDelete: false },
      { type: 'date', name: 'last_used' },
      { type: 'bool', name: 'revoked' },
      rev(),
      ...stamps(),
    ],
    indexes: [
      'CREATE UNIQUE INDEX `idx_api_keys_hash` ON `api_keys` (`key_hash`)',
      'CREATE INDEX `idx_api_keys_user` ON `api_keys` (`user`)',
      'CREATE INDEX `idx_api_keys_tenant` ON `api_keys` (`tenant`)',
    ],
  });
  app.save(apiKeys);
}

migrate((app) => {
  const tenants = createTenants(app);
  const models = createModels(app);
  const products = createProducts(app, models);
  const users = extendUsers(app, tenants, products);
  createApiKeys(app, { tenants, users, models });
});
