-- Who changed what about money, on its way to PocketBase's audit log. An entry is written in the transaction of the change.
CREATE TABLE audit_outbox (
  id uuid PRIMARY KEY,
  entry jsonb NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  claimable_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0
);
CREATE INDEX ON audit_outbox (claimable_at, queued_at);
