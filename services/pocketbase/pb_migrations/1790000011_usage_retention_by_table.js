/** The trigger that keeps usage asks the table itself: PocketBase drops all views while it changes columns. */
migrate((app) => {
  const run = (query) => app.db().newQuery(query).execute();
  run('DROP TRIGGER usage_logs_no_delete');
  run('DROP VIEW usage_retention');
  run(
    `CREATE TRIGGER usage_logs_no_delete BEFORE DELETE ON usage_logs
     WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%fZ', 'now', '-' || COALESCE((SELECT CASE
       WHEN retention_days BETWEEN 1 AND 90 THEN retention_days ELSE 90 END FROM tenants WHERE id = OLD.tenant), 90) || ' days')
     BEGIN SELECT RAISE(ABORT, 'usage_logs is append-only'); END`,
  );
});
