-- Amounts are int8 nano-euro. Every key is led by the tenant.
CREATE TABLE budget_periods (
  tenant_id text NOT NULL,
  period_start timestamptz NOT NULL,
  period_end timestamptz NOT NULL,
  time_zone text NOT NULL,
  PRIMARY KEY (tenant_id, period_start),
  CHECK (period_start < period_end)
);

-- One row per level, owner and period: the sum of its entries and the sum of its open holds, kept in step with both.
CREATE TABLE budget_balances (
  tenant_id text NOT NULL,
  level text NOT NULL CHECK (level IN ('tenant', 'user', 'api_key')),
  owner_id text NOT NULL,
  period_start timestamptz NOT NULL,
  posted_nano_eur bigint NOT NULL DEFAULT 0,
  pending_nano_eur bigint NOT NULL DEFAULT 0 CHECK (pending_nano_eur >= 0),
  PRIMARY KEY (tenant_id, level, owner_id, period_start),
  FOREIGN KEY (tenant_id, period_start) REFERENCES budget_periods
) WITH (fillfactor = 70);

-- All that is needed to settle is fixed here when the reservation is made.
CREATE TABLE reservations (
  tenant_id text NOT NULL,
  id uuid NOT NULL,
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
  price_version_id bigint NOT NULL REFERENCES price_versions,
  price_list jsonb NOT NULL,
  eur_per_usd numeric NOT NULL,
  markup_percent numeric NOT NULL,
  input_tokens_max bigint NOT NULL,
  choices integer NOT NULL,
  ceiling_output_tokens bigint NOT NULL,
  held_output_tokens bigint NOT NULL,
  hold_nano_eur bigint NOT NULL CHECK (hold_nano_eur >= 0),
  opened_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  progress jsonb,
  state text NOT NULL CHECK (state IN ('open', 'settled', 'voided', 'expired')),
  input_hash text NOT NULL,
  answer jsonb NOT NULL,
  ended_at timestamptz,
  charge_nano_eur bigint,
  end_hash text,
  end_answer jsonb,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, period_start) REFERENCES budget_periods,
  CHECK ((state = 'open') = (ended_at IS NULL)),
  CHECK ((state = 'open') = (charge_nano_eur IS NULL)),
  CHECK (held_output_tokens <= ceiling_output_tokens)
) WITH (fillfactor = 80);
CREATE INDEX reservations_open_by_subject ON reservations (tenant_id, subject_id, expires_at) WHERE state = 'open';
CREATE INDEX reservations_open_by_expiry ON reservations (expires_at) WHERE state = 'open';

-- A refused reservation, kept for a while so that a repeat of the same call gets the same answer.
CREATE TABLE refusals (
  tenant_id text NOT NULL,
  reservation_id uuid NOT NULL,
  input_hash text NOT NULL,
  answer jsonb NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, reservation_id)
);
CREATE INDEX ON refusals (decided_at);

-- Never changed or deleted: the service's role may only insert and read.
CREATE TABLE entries (
  tenant_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  level text NOT NULL,
  owner_id text NOT NULL,
  period_start timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('charge', 'overage', 'correction')),
  amount_nano_eur bigint NOT NULL,
  reservation_id uuid,
  reason text,
  author text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, level, owner_id, period_start) REFERENCES budget_balances,
  FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations,
  CHECK (kind = 'correction' OR (amount_nano_eur >= 0 AND reservation_id IS NOT NULL)),
  CHECK (kind <> 'correction' OR (reason IS NOT NULL AND author IS NOT NULL))
);
-- A reservation is charged once on each level, whatever the code believes.
CREATE UNIQUE INDEX entries_charged_once ON entries (tenant_id, reservation_id, level, kind)
  WHERE kind IN ('charge', 'overage');
CREATE INDEX entries_by_balance ON entries (tenant_id, level, owner_id, period_start);
