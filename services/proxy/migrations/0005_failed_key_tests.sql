-- Up Migration

-- Keys that were not taken because their test failed: the last try of each place, nothing of the key itself.
CREATE TABLE proxy.failed_key_tests (
  key_name text NOT NULL,
  label text NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now(),
  entered_by text NOT NULL,
  -- false: the provider could not be asked
  refused boolean NOT NULL,
  PRIMARY KEY (key_name, label)
);

-- Down Migration

DROP TABLE proxy.failed_key_tests;
