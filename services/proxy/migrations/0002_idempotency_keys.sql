-- Up Migration

-- Who used an Idempotency-Key, and for which request: a second request with it is refused for a day, whichever of the
-- tenant's proxies it reaches.
CREATE TABLE proxy.idempotency_keys (
  subject_id text NOT NULL,
  -- the key itself may say more than anybody here has to know
  key_sha256 text NOT NULL,
  request_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, key_sha256)
);

CREATE INDEX idempotency_keys_age ON proxy.idempotency_keys (created_at);

-- Down Migration

DROP TABLE proxy.idempotency_keys;
