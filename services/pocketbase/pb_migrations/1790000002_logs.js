/** Usage and audit logs (append-only), the outbox towards billing, and the counter behind every record's `rev`. */
const choice = (name, values) => ({ type: 'select', name, required: true, maxSelect: 1, values });
const text = (name, max, more) => ({ type: 'text', name, max, ...more });

// Ids are text, not relations: a person can be erased and the rows stay, under an id that then says nothing.
function createUsageLogs(app) {
  app.save(
    new Collection({
      type: 'base',
      name: 'usage_logs',
      fields: [
        text('request_id', 100, { required: true }),
        text('reservation_id', 36, { required: true }),
        { type: 'date', name: 'at', required: true },
        text('tenant', 15, { required: true }),
        text('subject', 15, { required: true }),
        text('api_key', 15),
        text('model', 200, { required: true }),
        choice('provider', ['openai', 'anthropic', 'gemini']),
        { type: 'bool', name: 'simulated' },
        { type: 'number', name: 'tokens_in', onlyInt: true, min: 0 },
        { type: 'number', name: 'tokens_out', onlyInt: true, min: 0 },
        { type: 'json', name: 'meters', maxSize: 2000 },
        choice('basis', ['exact', 'estimated']),
        // Exact; may be negative (a correction). The number beside it is rounded to 6 places and only for sorting.
        text('charge_eur', 21, { required: true, pattern: '^-?\\d{1,10}(\\.\\d{1,9})?$' }),
        { type: 'number', name: 'charge_eur_rounded' },
        choice('outcome', ['completed', 'client_closed', 'upstream_error', 'budget_stopped', 'expired', 'corrected']),
        { type: 'bool', name: 'streamed' },
        text('finish_reason', 60),
        // JSON because a number field can't be null, and unknown is not 0.
        { type: 'json', name: 'first_byte_ms', maxSize: 20 },
        { type: 'number', name: 'total_ms', onlyInt: true, min: 0 },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_usage_logs_reservation_at` ON `usage_logs` (`reservation_id`, `at`)',
        'CREATE INDEX `idx_usage_logs_subject_at` ON `usage_logs` (`subject`, `at`)',
        'CREATE INDEX `idx_usage_logs_tenant_at` ON `usage_logs` (`tenant`, `at`)',
        'CREATE INDEX `idx_usage_logs_at` ON `usage_logs` (`at`)',
      ],
    }),
  );
}

function createAuditLogs(app) {
  app.save(
    new Collection({
      type: 'base',
      name: 'audit_logs',
      fields: [
        text('tenant', 15),
        text('actor', 15, { required: true }),
        choice('actor_role', ['member', 'tenant_admin', 'platform_admin', 'superuser']),
        text('ip', 45),
        choice('action', ['create', 'update', 'delete']),
        text('target_collection', 40, { required: true }),
        text('target_id', 15, { required: true }),
        { type: 'json', name: 'before', maxSize: 100_000 },
        { type: 'json', name: 'after', maxSize: 100_000 },
        { type: 'autodate', name: 'created', onCreate: true },
      ],
      indexes: [
        'CREATE INDEX `idx_audit_logs_tenant_created` ON `audit_logs` (`tenant`, `created`)',
        'CREATE INDEX `idx_audit_logs_target` ON `audit_logs` (`target_collection`, `target_id`)',
      ],
    }),
  );
}

function createOutbox(app) {
  app.save(
    new Collection({
      type: 'base',
      name: 'outbox',
      fields: [
        { type: 'number', name: 'rev', required: true, onlyInt: true, min: 1 },
        text('collection', 40, { required: true }),
        text('record_id', 15, { required: true }),
        { type: 'json', name: 'payload', required: true, maxSize: 100_000 },
        { type: 'bool', name: 'delivered' },
        { type: 'number', name: 'attempts', onlyInt: true, min: 0 },
        { type: 'date', name: 'next_at' },
        text('error', 500),
        { type: 'autodate', name: 'created', onCreate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_outbox_rev` ON `outbox` (`rev`)',
        'CREATE INDEX `idx_outbox_due` ON `outbox` (`delivered`, `next_at`)',
      ],
    }),
  );
}

// Its own table, no collection: emptying the outbox can't turn it back, and no API reaches it.
function createRevisionCounter(app) {
  app
    .db()
    .newQuery('CREATE TABLE directory_revision (id INTEGER PRIMARY KEY CHECK (id = 1), rev INTEGER NOT NULL)')
    .execute();
  app.db().newQuery('INSERT INTO directory_revision (id, rev) VALUES (1, 0)').execute();
}

migrate((app) => {
  createUsageLogs(app);
  createAuditLogs(app);
  createOutbox(app);
  createRevisionCounter(app);
});
