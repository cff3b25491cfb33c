/**
 * Lists of tenants with very many people answer from indexes. The name's also has the e-mail address, so that a search
 * looks through the index and not through the records.
 */
migrate((app) => {
  const users = app.findCollectionByNameOrId('users');
  users.removeIndex('idx_users_tenant');
  users.removeIndex('idx_users_tenant_name');
  users.addIndex('idx_users_tenant_name', false, '`tenant`, `name`, `id`, `email`', '');
  users.addIndex('idx_users_tenant_kind', false, '`tenant`, `kind`, `name`, `id`', '');
  app.save(users);
  const keys = app.findCollectionByNameOrId('api_keys');
  keys.removeIndex('idx_api_keys_tenant');
  keys.addIndex('idx_api_keys_tenant_created', false, '`tenant`, `created`, `id`', '');
  app.save(keys);
});
