/**
 * A model becomes a deployment: several may serve one public name, at the providers or at servers of one's own. What
 * was there is the only deployment of its name.
 */
const count = (name, max) => new NumberField({ name, onlyInt: true, min: 0, max });
const text = (name, max, more) => new TextField({ name, max, ...more });

/** PocketBase drops all views while it changes columns; SQLite then finds a trigger that reads one faulty. */
function withoutTrigger(app, name, change) {
  const trigger = new DynamicModel({ sql: '' });
  app.db().newQuery('SELECT sql FROM sqlite_master WHERE name = {:name}').bind({ name }).one(trigger);
  app.db().newQuery(`DROP TRIGGER ${name}`).execute();
  change();
  app.db().newQuery(trigger.sql).execute();
}

function extendModels(app) {
  const models = app.findCollectionByNameOrId('models');
  models.fields.getByName('provider').values = ['openai', 'anthropic', 'gemini', 'custom'];
  models.fields.add(
    text('deployment', 120, { pattern: '^[\\w.:/@-]*$' }),
    text('processor', 120),
    count('priority', 1000),
    count('weight', 1000),
    text('base_url', 500),
    text('api_version', 40, { pattern: '^[\\w.-]*$' }),
    text('key_name', 40, { pattern: '^([a-z0-9][a-z0-9-]*)?$' }),
    new SelectField({
      name: 'unsupported',
      maxSelect: 6,
      values: ['tools', 'images', 'files', 'audio', 'json_schema', 'stream_options'],
    }),
    count('first_byte_timeout_ms', 3_600_000),
    count('chunk_timeout_ms', 3_600_000),
    new RelationField({
      name: 'only_tenants',
      collectionId: app.findCollectionByNameOrId('tenants').id,
      maxSelect: 500,
      cascadeDelete: false,
    }),
    new JSONField({ name: 'own_prices', maxSize: 2000 }),
  );
  models.removeIndex('idx_models_name');
  models.addIndex('idx_models_name', false, '`name`', '');
  app.save(models);
  app.db().newQuery('UPDATE models SET deployment = name, weight = 1').execute();
  // A new revision, or no copy would take the new fields over.
  app
    .db()
    .newQuery(
      "UPDATE directory_revision SET rev = MAX(rev + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER)) WHERE EXISTS (SELECT 1 FROM models)",
    )
    .execute();
  app.db().newQuery('UPDATE models SET rev = (SELECT rev FROM directory_revision)').execute();
  models.addIndex('idx_models_deployment', true, '`deployment`', '');
  const read = models.listRule.replace(
    'enabled = true',
    'enabled = true && (only_tenants:length = 0 || only_tenants.id ?= @request.auth.tenant)',
  );
  models.listRule = read;
  models.viewRule = read;
  app.save(models);
}

function extendUsageLogs(app) {
  const usageLogs = app.findCollectionByNameOrId('usage_logs');
  usageLogs.fields.getByName('provider').values = ['openai', 'anthropic', 'gemini', 'custom'];
  usageLogs.fields.add(text('upstream_model', 200), text('deployment', 120), text('region', 10));
  app.save(usageLogs);
}

migrate((app) =>
  withoutTrigger(app, 'usage_logs_no_delete', () => {
    extendModels(app);
    extendUsageLogs(app);
  }),
);
