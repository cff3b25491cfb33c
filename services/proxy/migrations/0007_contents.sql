-- What people asked and were answered, where the tenant keeps it: by the reservation that the usage row names too.
-- `content` is JSON, encrypted where an encryption key is configured (no key id: it is not).
CREATE TABLE proxy.contents (
  tenant_id text NOT NULL,
  reservation_id uuid NOT NULL,
  subject_id text NOT NULL,
  request_id text NOT NULL,
  created_at timestamptz NOT NULL,
  model text NOT NULL,
  surface text NOT NULL,
  cut boolean NOT NULL,
  encryption_key_id text,
  nonce bytea,
  content bytea NOT NULL,
  PRIMARY KEY (tenant_id, reservation_id),
  CHECK ((encryption_key_id IS NULL) = (nonce IS NULL))
);
CREATE INDEX ON proxy.contents (created_at);
CREATE INDEX ON proxy.contents (subject_id, created_at);
