/**
 * Who was erased: an opaque subject id, when, and by whom. Nothing here leads back to a person. The list is never
 * shortened, so that a restored backup can be told again who has to go.
 */
const TENANT_ACTIVE =
  '@request.auth.tenant != "" && @request.auth.tenant.status = "active" && (@request.auth.tenant.expires_at = "" || @request.auth.tenant.expires_at > @now)';
const ACTIVE = `@request.auth.collectionName = "users" && @request.auth.status = "active" && ${TENANT_ACTIVE}`;
const PLATFORM_ADMIN = `(${ACTIVE} && @request.auth.role = "platform_admin")`;
const TENANT_ADMIN = `(${ACTIVE} && @request.auth.role = "tenant_admin")`;
const READ = `${PLATFORM_ADMIN} || (${TENANT_ADMIN} && tenant != "" && tenant = @request.auth.tenant)`;
const RECORD_ID = '^[a-z0-9]{15}$';

function createErasures(app) {
  app.save(
    new Collection({
      type: 'base',
      name: 'erasures',
      listRule: READ,
      viewRule: READ,
      fields: [
        { type: 'text', name: 'subject', required: true, pattern: RECORD_ID },
        { type: 'text', name: 'tenant', pattern: RECORD_ID },
        // Empty: deleted without a request (by a script of the server itself).
        { type: 'text', name: 'erased_by', max: 15 },
        { type: 'date', name: 'at', required: true },
      ],
      indexes: ['CREATE UNIQUE INDEX `idx_erasures_subject` ON `erasures` (`subject`)'],
    }),
  );
}

const refuse = (app, table, operation, when) =>
  app
    .db()
    .newQuery(
      `CREATE TRIGGER ${table}_no_${operation.toLowerCase()} BEFORE ${operation} ON ${table} ${when} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
    )
    .execute();

/**
 * Audit rows stay as they are, but for what they may tell of somebody who was erased: the address that they came from,
 * and the values of their own record. Both can only be blacked out, never be written anew.
 */
const BLACKED_OUT = (column) =>
  `(NEW.${column} IS OLD.${column} OR NOT EXISTS (SELECT 1 FROM json_each(NEW.${column}) WHERE value <> '[erased]'))`;
const MAY_BE_BLACKED_OUT = `
  NEW.id IS OLD.id AND NEW.tenant IS OLD.tenant AND NEW.actor IS OLD.actor AND NEW.actor_role IS OLD.actor_role
  AND NEW.action IS OLD.action AND NEW.target_collection IS OLD.target_collection AND NEW.target_id IS OLD.target_id
  AND NEW.created IS OLD.created
  AND (NEW.ip IS OLD.ip OR (NEW.ip = '' AND EXISTS (SELECT 1 FROM erasures WHERE subject = OLD.actor)))
  AND ((NEW.before IS OLD.before AND NEW.after IS OLD.after)
    OR (OLD.target_collection = 'users' AND EXISTS (SELECT 1 FROM erasures WHERE subject = OLD.target_id)
      AND ${BLACKED_OUT('before')} AND ${BLACKED_OUT('after')}))`;

migrate((app) => {
  createErasures(app);
  refuse(app, 'erasures', 'UPDATE', '');
  refuse(app, 'erasures', 'DELETE', '');
  app.db().newQuery('DROP TRIGGER audit_logs_no_update').execute();
  refuse(app, 'audit_logs', 'UPDATE', `WHEN NOT (${MAY_BE_BLACKED_OUT})`);

  // A stolen session must not become a place to try passwords at.
  const settings = app.settings();
  settings.rateLimits.rules = [
    { label: '/api/people/', audience: '', duration: 60, maxRequests: 60 },
    ...settings.rateLimits.rules,
  ];
  app.save(settings);
});
