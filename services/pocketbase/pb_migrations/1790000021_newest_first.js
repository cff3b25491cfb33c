/**
 * The audit log goes on behind an entry: an index read from its end, also among entries of the same moment. And billing's
 * comparison of everything reads ids and revisions of very many from an index, not from the records.
 */
migrate((app) => {
  const logs = app.findCollectionByNameOrId('audit_logs');
  logs.removeIndex('idx_audit_logs_tenant_created');
  logs.addIndex('idx_audit_logs_tenant_created', false, '`tenant`, `created`, `id`', '');
  app.save(logs);
  for (const name of ['users', 'api_keys']) {
    const collection = app.findCollectionByNameOrId(name);
    collection.addIndex(`idx_${name}_rev`, false, '`id`, `rev`', '');
    app.save(collection);
  }
});
