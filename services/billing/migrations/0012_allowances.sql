-- What is granted beside the limit for one month (top-ups, what was carried over), and corrections by people. The
-- allowance of a balance is the sum of its top_up and carry_over entries; posted is the sum of all others.
ALTER TABLE budget_balances ADD COLUMN allowance_nano_eur bigint NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN adjustment_id uuid;
ALTER TABLE entries DROP CONSTRAINT entries_kind_check, DROP CONSTRAINT entries_check, DROP CONSTRAINT entries_check1;
ALTER TABLE entries
  ADD CONSTRAINT entries_kind_check CHECK (kind IN ('charge', 'overage', 'correction', 'top_up', 'carry_over')),
  ADD CONSTRAINT entries_of_requests CHECK (
    kind NOT IN ('charge', 'overage') OR (amount_nano_eur >= 0 AND reservation_id IS NOT NULL)
  ),
  ADD CONSTRAINT entries_with_reason CHECK (
    kind IN ('charge', 'overage') OR (reason IS NOT NULL AND author IS NOT NULL)
  ),
  ADD CONSTRAINT entries_of_allowances CHECK (
    kind NOT IN ('top_up', 'carry_over') OR (reservation_id IS NULL AND adjustment_id IS NOT NULL)
  ),
  ADD CONSTRAINT entries_carried_forward CHECK (kind <> 'carry_over' OR amount_nano_eur > 0);
CREATE UNIQUE INDEX entries_adjusted_once ON entries (tenant_id, adjustment_id) WHERE adjustment_id IS NOT NULL;
CREATE UNIQUE INDEX entries_carried_once ON entries (tenant_id, level, owner_id, period_start)
  WHERE kind = 'carry_over';

-- When what was left of a month was carried over (or there was nothing to carry); null: its late holds are still open.
ALTER TABLE budget_periods ADD COLUMN closed_at timestamptz;
CREATE INDEX budget_periods_to_close ON budget_periods (period_end) WHERE closed_at IS NULL;

CREATE TABLE budget_requests (
  tenant_id text NOT NULL,
  id uuid NOT NULL,
  subject_id text NOT NULL,
  amount_nano_eur bigint NOT NULL CHECK (amount_nano_eur > 0),
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'approved', 'declined')),
  decided_at timestamptz,
  decided_by text,
  -- What an approval did: a top-up of this month, or another override, which PocketBase keeps.
  measure text CHECK (measure IN ('top_up', 'override')),
  granted_nano_eur bigint,
  note text,
  PRIMARY KEY (tenant_id, id),
  CHECK ((state = 'pending') = (decided_at IS NULL)),
  CHECK ((state = 'pending') = (decided_by IS NULL)),
  CHECK ((state = 'approved') = (measure IS NOT NULL))
);
-- One open request per person.
CREATE UNIQUE INDEX budget_requests_pending ON budget_requests (tenant_id, subject_id) WHERE state = 'pending';
CREATE INDEX ON budget_requests (tenant_id, created_at DESC, id);

-- What people and their systems are told, until they were: mails through PocketBase, webhooks.
CREATE TABLE notices (
  id uuid PRIMARY KEY,
  tenant_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('mail', 'webhook')),
  content jsonb NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT now(),
  claimable_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0
);
CREATE INDEX ON notices (claimable_at);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['budget_requests']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = current_setting(''app.tenant_id'', true))', name
    );
  END LOOP;
END $$;

-- Months that are over, whose holds have all ended, and that were not closed yet; of any tenant.
CREATE FUNCTION periods_to_close(row_limit integer) RETURNS TABLE (tenant_id text, period_start timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.tenant_id, p.period_start FROM budget_periods p
  WHERE p.closed_at IS NULL AND p.period_end <= now()
    AND NOT EXISTS (
      SELECT FROM reservations r
      WHERE r.tenant_id = p.tenant_id AND r.period_start = p.period_start AND r.state = 'open'
    )
  ORDER BY p.period_end LIMIT row_limit
$$;
REVOKE EXECUTE ON FUNCTION periods_to_close FROM PUBLIC;
