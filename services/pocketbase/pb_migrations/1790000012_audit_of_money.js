/** What billing tells of (top-ups, requests for more, prices …) has longer ids than our records. */
migrate((app) => {
  const logs = app.findCollectionByNameOrId('audit_logs');
  logs.fields.getByName('target_id').max = 40;
  app.save(logs);
});
