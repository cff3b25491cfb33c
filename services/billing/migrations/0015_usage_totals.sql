-- What was used per day (in the time zone of the month that paid), person, key, model and cost centre. Kept by the
-- database in the transaction that writes the rows, so that totals are the sums of the rows whoever writes them.
CREATE TABLE usage_totals (
  tenant_id text NOT NULL,
  day date NOT NULL,
  subject_id text NOT NULL,
  -- Empty: no key.
  api_key_id text NOT NULL,
  model text NOT NULL,
  cost_centre text NOT NULL,
  requests bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  charge_nano_eur bigint NOT NULL,
  cost_nano_eur bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, subject_id, api_key_id, model, cost_centre)
) WITH (fillfactor = 70);
ALTER TABLE usage_totals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON usage_totals USING (tenant_id = current_setting('app.tenant_id', true));

-- Adds rows to the totals, or takes them away (sign -1). In the order of the key: writers never wait in a circle.
CREATE FUNCTION change_usage_totals() RETURNS trigger
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
  FROM (SELECT *, CASE WHEN superseded_at IS NULL THEN 1 ELSE -1 END AS sign FROM changed) u
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

-- A row is written once and may be superseded once; the service may change nothing else of it.
CREATE TRIGGER usage_is_totalled AFTER INSERT ON usage_records
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_usage_totals();
CREATE TRIGGER usage_is_taken_back AFTER UPDATE ON usage_records
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_usage_totals();

-- What was used before, as if it were written now: no row is changed by it but its place in the totals.
UPDATE usage_records SET superseded_at = superseded_at WHERE superseded_at IS NULL;
