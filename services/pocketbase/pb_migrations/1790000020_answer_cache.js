/** Whether the same request may get an earlier answer again, and how the log calls one that did. */
migrate((app) => {
  const tenants = app.findCollectionByNameOrId('tenants');
  tenants.fields.add(new SelectField({ name: 'answer_cache', maxSelect: 1, values: ['off', 'person', 'tenant'] }));
  app.save(tenants);
  app.db().newQuery("UPDATE tenants SET answer_cache = 'off'").execute();
  tenants.fields.getByName('answer_cache').required = true;
  app.save(tenants);

  const logs = app.findCollectionByNameOrId('usage_logs');
  const outcome = logs.fields.getByName('outcome');
  outcome.values = [...outcome.values, 'cached'];
  app.save(logs);
});
