-- What the OpenID provider remembers: its clients, and the sessions, grants, codes and tokens of people at them.
CREATE TABLE identity.oidc_clients (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  name text NOT NULL,
  secret_sha256 text NOT NULL,
  redirect_uris text[] NOT NULL,
  post_logout_redirect_uris text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX oidc_clients_tenant ON identity.oidc_clients (tenant_id);

-- A code or token is its own id: only the SHA-256 of it is kept.
CREATE TABLE identity.oidc_records (
  model text NOT NULL,
  id_sha256 text NOT NULL,
  payload jsonb NOT NULL,
  subject_id text,
  grant_id text,
  uid text,
  consumed_at timestamptz,
  expires_at timestamptz,
  PRIMARY KEY (model, id_sha256)
);
CREATE INDEX oidc_records_grant ON identity.oidc_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX oidc_records_uid ON identity.oidc_records (uid) WHERE uid IS NOT NULL;
CREATE INDEX oidc_records_subject ON identity.oidc_records (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX oidc_records_expiry ON identity.oidc_records (expires_at);

-- What somebody's PocketBase sessions were known by at their last sign-in here: all of them ended, so do those here.
CREATE TABLE identity.oidc_people (
  subject_id text PRIMARY KEY,
  session_mark text NOT NULL
);
