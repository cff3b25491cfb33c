/** How long a tenant's proxy keeps requests and answers, and that somebody looked at one. 0: nothing is kept. */
migrate((app) => {
  const tenants = app.findCollectionByNameOrId('tenants');
  tenants.fields.add(new NumberField({ name: 'content_log_days', onlyInt: true, min: 0, max: 90 }));
  app.save(tenants);
  const logs = app.findCollectionByNameOrId('audit_logs');
  logs.fields.getByName('action').values = ['create', 'update', 'delete', 'read'];
  app.save(logs);
});
