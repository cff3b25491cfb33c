-- What PocketBase knows, as of the last change that reached us. A row is replaced only by one with a greater rev;
-- a deleted record stays as a tombstone, so that a late change can't bring it back. Records are checked at the border
-- against the contracts, therefore kept whole; columns beside them exist only where something is looked up by them.
CREATE TABLE directory_tenants (
  id text PRIMARY KEY,
  rev bigint NOT NULL,
  deleted boolean NOT NULL,
  record jsonb,
  CHECK (deleted = (record IS NULL))
);
CREATE TABLE directory_products (LIKE directory_tenants INCLUDING ALL);
CREATE TABLE directory_users (
  LIKE directory_tenants INCLUDING ALL,
  tenant_id text GENERATED ALWAYS AS (record ->> 'tenantId') STORED
);
CREATE INDEX ON directory_users (tenant_id, id);
CREATE TABLE directory_api_keys (
  LIKE directory_tenants INCLUDING ALL,
  tenant_id text GENERATED ALWAYS AS (record ->> 'tenantId') STORED,
  sha256 text GENERATED ALWAYS AS (record ->> 'sha256') STORED
);
CREATE INDEX ON directory_api_keys (sha256);
CREATE TABLE directory_models (
  LIKE directory_tenants INCLUDING ALL,
  name text GENERATED ALWAYS AS (record ->> 'name') STORED
);
CREATE INDEX ON directory_models (name);

CREATE TABLE directory_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  rev bigint NOT NULL,
  reconciled_at timestamptz NOT NULL
);

-- The secret by which a tenant's proxy is known to billing; several may be valid at once, so that it can be rotated.
CREATE TABLE service_tokens (
  id uuid PRIMARY KEY,
  tenant_id text NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
