/** The portal lists a tenant's people by name, page by page: of very many only a page is read. */
migrate((app) => {
  const users = app.findCollectionByNameOrId('users');
  users.addIndex('idx_users_tenant_name', false, '`tenant`, `name`, `id`', '');
  app.save(users);
});
