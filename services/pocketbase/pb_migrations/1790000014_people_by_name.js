/** The portal lists a tenant's people page by page, sorted and filtered: of very many only those of a page are read. */
migrate((app) => {
  const users = app.findCollectionByNameOrId('users');
  users.addIndex('idx_users_tenant_name', false, '`tenant`, `name`, `id`', '');
  for (const field of ['role', 'product', 'status'])
    users.addIndex(`idx_users_tenant_${field}`, false, `\`tenant\`, \`${field}\`, \`name\`, \`id\``, '');
  app.save(users);
});
