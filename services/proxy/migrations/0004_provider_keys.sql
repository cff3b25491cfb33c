-- Up Migration

-- Keys of the providers, encrypted by the proxy (AES-256-GCM, bound to the row by its tenant, key name, label and id).
CREATE TABLE proxy.provider_keys (
  id uuid PRIMARY KEY,
  key_name text NOT NULL,
  label text NOT NULL,
  -- which key of PROVIDER_KEY_ENCRYPTION_KEY it is encrypted with
  encryption_key_id text NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  hint text NOT NULL,
  weight integer NOT NULL CHECK (weight BETWEEN 1 AND 1000),
  entered_at timestamptz NOT NULL DEFAULT now(),
  entered_by text NOT NULL,
  tested_at timestamptz,
  UNIQUE (key_name, label)
);

-- Down Migration

DROP TABLE proxy.provider_keys;
