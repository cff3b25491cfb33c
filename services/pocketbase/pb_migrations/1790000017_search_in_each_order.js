/** A search looks through an index whatever the list is sorted or narrowed by: each has names and addresses. */
migrate((app) => {
  const users = app.findCollectionByNameOrId('users');
  for (const field of ['role', 'product', 'status', 'kind']) {
    users.removeIndex(`idx_users_tenant_${field}`);
    users.addIndex(`idx_users_tenant_${field}`, false, `\`tenant\`, \`${field}\`, \`name\`, \`id\`, \`email\``, '');
  }
  app.save(users);
});
