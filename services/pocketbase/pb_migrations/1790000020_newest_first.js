/** The audit log goes on behind an entry: an index read from its end, also among entries of the same moment. */
migrate((app) => {
  const logs = app.findCollectionByNameOrId('audit_logs');
  logs.removeIndex('idx_audit_logs_tenant_created');
  logs.addIndex('idx_audit_logs_tenant_created', false, '`tenant`, `created`, `id`', '');
  app.save(logs);
});
