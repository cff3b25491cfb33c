/**
 * usage_logs and audit_logs can't be changed or deleted, by the SQL console and "truncate" neither. Usage is a read
 * model that lives 90 days here (billing keeps the complete log), so older rows may go.
 */
migrate((app) => {
  const refuse = (table, operation, when) =>
    app
      .db()
      .newQuery(
        `CREATE TRIGGER ${table}_no_${operation.toLowerCase()} BEFORE ${operation} ON ${table} ${when} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
      )
      .execute();
  refuse('audit_logs', 'UPDATE', '');
  refuse('audit_logs', 'DELETE', '');
  refuse('usage_logs', 'UPDATE', '');
  refuse('usage_logs', 'DELETE', "WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%fZ', 'now', '-90 days')");
});
