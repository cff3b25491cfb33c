-- The complete log, one partition per UTC month of settlement. A meter that is null was not reported: not the same as 0.
CREATE TABLE usage_records (
  tenant_id text NOT NULL,
  settled_at timestamptz NOT NULL,
  reservation_id uuid NOT NULL,
  request_id text NOT NULL,
  attempt integer NOT NULL,
  subject_id text NOT NULL,
  api_key_id text,
  cost_centre text NOT NULL,
  model text NOT NULL,
  provider text NOT NULL,
  upstream_model text NOT NULL,
  simulated boolean NOT NULL,
  streamed boolean NOT NULL,
  period_start timestamptz NOT NULL,
  basis text NOT NULL CHECK (basis IN ('exact', 'estimated')),
  uncached_input bigint,
  cache_read bigint,
  cache_write bigint,
  output_text bigint,
  reasoning bigint,
  server_tool_call bigint,
  price_version_id bigint NOT NULL,
  eur_per_usd numeric NOT NULL,
  markup_percent numeric NOT NULL,
  charge_nano_eur bigint NOT NULL,
  cost_nano_eur bigint NOT NULL,
  outcome text NOT NULL,
  finish_reason text,
  first_byte_ms integer,
  total_ms integer NOT NULL,
  upstream_request_id text,
  -- Of a settlement or void after an expiry: the row of then, to which this one is a correction.
  corrects_settled_at timestamptz,
  -- Set where the row no longer counts: a later one of the same reservation took its place (an estimate that became
  -- exact), or it is the row of a void, which only gives back.
  superseded_at timestamptz,
  PRIMARY KEY (tenant_id, settled_at, reservation_id)
) PARTITION BY RANGE (settled_at);
CREATE INDEX ON usage_records (tenant_id, subject_id, settled_at, reservation_id);
CREATE TABLE usage_records_default PARTITION OF usage_records DEFAULT;

-- Rows that PocketBase has not got yet. Claimed by time, not by order of ids: a smaller id may be committed later.
CREATE TABLE usage_outbox (
  tenant_id text NOT NULL,
  settled_at timestamptz NOT NULL,
  reservation_id uuid NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT now(),
  claimable_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, settled_at, reservation_id)
);
CREATE INDEX ON usage_outbox (claimable_at);

-- Makes the partition of the month that holds `at`, unless it exists or rows of that month are in the default one.
-- Runs as the owner: the service's role can't create tables.
CREATE FUNCTION ensure_usage_partition(at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month_start timestamptz := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  month_end timestamptz := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  partition_name text := 'usage_records_' || to_char(at AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_usage_partition'));
  IF to_regclass(partition_name) IS NOT NULL
    OR EXISTS (SELECT FROM usage_records_default WHERE settled_at >= month_start AND settled_at < month_end) THEN
    RETURN;
  END IF;
  EXECUTE format(
    'CREATE TABLE %I PARTITION OF usage_records FOR VALUES FROM (%L) TO (%L)', partition_name, month_start, month_end
  );
END $$;
