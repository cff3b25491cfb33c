/**
 * A usage row may go when its time is over: after 90 days, or earlier where its tenant keeps less (`retention_days`).
 * Until then the database refuses to delete it, whoever asks.
 */
migrate((app) => {
  const run = (query) => app.db().newQuery(query).execute();
  run('DROP TRIGGER usage_logs_no_delete');
  run(
    `CREATE VIEW usage_retention AS
       SELECT id AS tenant, CASE WHEN retention_days BETWEEN 1 AND 90 THEN retention_days ELSE 90 END AS days FROM tenants`,
  );
  run(
    `CREATE TRIGGER usage_logs_no_delete BEFORE DELETE ON usage_logs
     WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%fZ', 'now',
       '-' || COALESCE((SELECT days FROM usage_retention WHERE tenant = OLD.tenant), 90) || ' days')
     BEGIN SELECT RAISE(ABORT, 'usage_logs is append-only'); END`,
  );
});
