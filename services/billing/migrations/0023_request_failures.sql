-- Requests that got an error instead of an answer: refused, or failed at every provider. Added up by the proxies per person,
-- reason and minute, with the figures of the first of them. Only added to; after 90 days they go.
CREATE TABLE request_failures (
  tenant_id text NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  error_kind text,
  subject_id text NOT NULL,
  api_key_id text,
  product_id text,
  cost_centre text NOT NULL,
  model text,
  provider text,
  deployment text,
  requests bigint NOT NULL CHECK (requests > 0),
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL CHECK (last_at >= first_at),
  request_ids text[] NOT NULL,
  -- The budget or the limit that stood in the way, with its figures; null: none did.
  budget jsonb,
  request_limit jsonb,
  attempts jsonb NOT NULL,
  total_ms integer NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON request_failures (tenant_id, last_at DESC, id DESC);
CREATE INDEX ON request_failures (tenant_id, subject_id, last_at DESC, id DESC);
CREATE INDEX ON request_failures (subject_id);
CREATE INDEX ON request_failures (recorded_at);
ALTER TABLE request_failures ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON request_failures USING (tenant_id = current_setting('app.tenant_id', true));

-- Both run as the owner: the service's role can't delete. A tenant that keeps its logs for less gets that.
CREATE FUNCTION forget_failures(older_than interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM request_failures f USING directory_tenants t
    WHERE t.id = f.tenant_id AND f.recorded_at < now() - least(
      older_than,
      coalesce(nullif((t.record ->> 'retentionDays')::integer, 0) * interval '1 day', older_than)
    ) RETURNING 1
  ) SELECT count(*) FROM gone
$$;
CREATE FUNCTION erase_failures(subjects text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM request_failures WHERE subject_id = ANY (subjects)
$$;
REVOKE EXECUTE ON FUNCTION forget_failures, erase_failures FROM PUBLIC;
