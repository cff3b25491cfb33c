-- The tenant's loss account: what attempts of unknown outcome probably cost. It is a level of its own beside the budgets
-- (owner: the tenant), has no limit and no holds, and nothing that is posted on it is anybody's spend.
ALTER TABLE budget_balances DROP CONSTRAINT budget_balances_level_check;
ALTER TABLE budget_balances
  ADD CONSTRAINT budget_balances_level_check CHECK (level IN ('tenant', 'user', 'api_key', 'loss')),
  ADD CONSTRAINT budget_balances_of_losses CHECK (
    level <> 'loss' OR (owner_id = tenant_id AND pending_nano_eur = 0 AND allowance_nano_eur = 0)
  );

ALTER TABLE entries DROP CONSTRAINT entries_kind_check;
ALTER TABLE entries
  ADD CONSTRAINT entries_kind_check CHECK (
    kind IN ('charge', 'overage', 'correction', 'top_up', 'carry_over', 'loss')
  ),
  -- Losses stand on their own level, and nothing else does.
  ADD CONSTRAINT entries_of_losses CHECK (
    (kind = 'loss') = (level = 'loss') AND (kind <> 'loss' OR (amount_nano_eur >= 0 AND reservation_id IS NOT NULL))
  );
CREATE UNIQUE INDEX entries_lost_once ON entries (tenant_id, reservation_id) WHERE kind = 'loss';

-- The row of a loss has a cost and no charge.
DO $$
DECLARE
  name text;
BEGIN
  SELECT conname INTO STRICT name FROM pg_constraint
  WHERE conrelid = 'usage_records'::regclass AND contype = 'c'
    AND pg_get_constraintdef(oid) LIKE '%charge_nano_eur >= cost_nano_eur%';
  EXECUTE format('ALTER TABLE usage_records DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE usage_records ADD CONSTRAINT usage_records_amounts CHECK (
  charge_nano_eur >= 0 AND cost_nano_eur >= 0
    AND CASE WHEN outcome = 'lost' THEN charge_nano_eur = 0 ELSE charge_nano_eur >= cost_nano_eur END
);
CREATE INDEX usage_records_lost ON usage_records (tenant_id, settled_at DESC, reservation_id DESC)
  WHERE outcome = 'lost';

-- Totals are those of what budgets paid for: losses are not in them.
CREATE OR REPLACE FUNCTION change_usage_totals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO usage_totals AS t
  SELECT u.tenant_id, (u.settled_at AT TIME ZONE p.time_zone)::date, u.subject_id, coalesce(u.api_key_id, ''), u.model,
    u.cost_centre, sum(u.sign),
    sum(u.sign * (coalesce(u.uncached_input, 0) + coalesce(u.cache_read, 0) + coalesce(u.cache_write, 0) +
      coalesce(u.cache_write_1h, 0) + coalesce(u.input_audio, 0))),
    sum(u.sign * (coalesce(u.output_text, 0) + coalesce(u.reasoning, 0) + coalesce(u.output_audio, 0) +
      coalesce(u.output_image, 0))),
    sum(u.sign * u.charge_nano_eur), sum(u.sign * u.cost_nano_eur)
  FROM (SELECT *, CASE WHEN superseded_at IS NULL THEN 1 ELSE -1 END AS sign FROM changed WHERE outcome <> 'lost') u
    JOIN budget_periods p ON p.tenant_id = u.tenant_id AND p.period_start = u.period_start
  GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (tenant_id, day, subject_id, api_key_id, model, cost_centre) DO UPDATE SET
    requests = t.requests + EXCLUDED.requests,
    input_tokens = t.input_tokens + EXCLUDED.input_tokens,
    output_tokens = t.output_tokens + EXCLUDED.output_tokens,
    charge_nano_eur = t.charge_nano_eur + EXCLUDED.charge_nano_eur,
    cost_nano_eur = t.cost_nano_eur + EXCLUDED.cost_nano_eur;
  RETURN NULL;
END $$;
