-- Totals by plan and provider as well, with answers that broke off counted; and beside them two small tables that do not
-- grow with the number of people, for figures that somebody looks at all day.
DROP TRIGGER usage_is_totalled ON usage_records;
DROP TRIGGER usage_is_taken_back ON usage_records;
TRUNCATE usage_totals;
ALTER TABLE usage_totals
  DROP CONSTRAINT usage_totals_pkey,
  -- Empty: no plan, or from before it was kept.
  ADD COLUMN product_id text NOT NULL,
  ADD COLUMN provider text NOT NULL,
  ADD COLUMN errors bigint NOT NULL,
  ADD PRIMARY KEY (tenant_id, day, subject_id, api_key_id, product_id, model, provider, cost_centre);

CREATE TABLE usage_days (
  tenant_id text NOT NULL,
  day date NOT NULL,
  product_id text NOT NULL,
  model text NOT NULL,
  provider text NOT NULL,
  requests bigint NOT NULL,
  errors bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  charge_nano_eur bigint NOT NULL,
  cost_nano_eur bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, product_id, model, provider)
) WITH (fillfactor = 70);

-- How many streamed answers had their first token after which time: bucket b holds those of 2^((b-1)/8) to 2^(b/8) ms.
CREATE TABLE usage_first_tokens (
  tenant_id text NOT NULL,
  day date NOT NULL,
  bucket smallint NOT NULL,
  requests bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, bucket)
) WITH (fillfactor = 70);

ALTER TABLE usage_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON usage_days USING (tenant_id = current_setting('app.tenant_id', true));
ALTER TABLE usage_first_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON usage_first_tokens USING (tenant_id = current_setting('app.tenant_id', true));

CREATE FUNCTION first_token_bucket(first_byte_ms integer) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT ceil(8 * ln(greatest(first_byte_ms, 1)::float8) / ln(2::float8))::smallint $$;

-- The rows of a statement that count, with the sign of what they do to totals and the day that they belong to.
CREATE OR REPLACE FUNCTION change_usage_totals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  WITH counted AS (
    SELECT u.tenant_id, (u.settled_at AT TIME ZONE p.time_zone)::date AS day, u.subject_id,
      coalesce(u.api_key_id, '') AS api_key_id, coalesce(u.product_id, '') AS product_id, u.model, u.provider,
      u.cost_centre, CASE WHEN u.superseded_at IS NULL THEN 1 ELSE -1 END AS sign,
      (u.outcome = 'upstream_error')::integer AS error,
      coalesce(u.uncached_input, 0) + coalesce(u.cache_read, 0) + coalesce(u.cache_write, 0) +
        coalesce(u.cache_write_1h, 0) + coalesce(u.input_audio, 0) AS input_tokens,
      coalesce(u.output_text, 0) + coalesce(u.reasoning, 0) + coalesce(u.output_audio, 0) +
        coalesce(u.output_image, 0) AS output_tokens,
      u.charge_nano_eur, u.cost_nano_eur,
      CASE WHEN u.streamed THEN first_token_bucket(u.first_byte_ms) END AS bucket
    FROM changed u JOIN budget_periods p ON p.tenant_id = u.tenant_id AND p.period_start = u.period_start
    WHERE u.outcome <> 'lost'
  ), by_person AS (
    INSERT INTO usage_totals AS t (tenant_id, day, subject_id, api_key_id, product_id, model, provider, cost_centre,
      requests, errors, input_tokens, output_tokens, charge_nano_eur, cost_nano_eur)
    SELECT tenant_id, day, subject_id, api_key_id, product_id, model, provider, cost_centre, sum(sign),
      sum(sign * error), sum(sign * input_tokens), sum(sign * output_tokens), sum(sign * charge_nano_eur),
      sum(sign * cost_nano_eur)
    FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (tenant_id, day, subject_id, api_key_id, product_id, model, provider, cost_centre) DO UPDATE SET
      requests = t.requests + EXCLUDED.requests,
      errors = t.errors + EXCLUDED.errors,
      input_tokens = t.input_tokens + EXCLUDED.input_tokens,
      output_tokens = t.output_tokens + EXCLUDED.output_tokens,
      charge_nano_eur = t.charge_nano_eur + EXCLUDED.charge_nano_eur,
      cost_nano_eur = t.cost_nano_eur + EXCLUDED.cost_nano_eur
  ), by_day AS (
    INSERT INTO usage_days AS d (tenant_id, day, product_id, model, provider, requests, errors, input_tokens,
      output_tokens, charge_nano_eur, cost_nano_eur)
    SELECT tenant_id, day, product_id, model, provider, sum(sign), sum(sign * error), sum(sign * input_tokens),
      sum(sign * output_tokens), sum(sign * charge_nano_eur), sum(sign * cost_nano_eur)
    FROM counted GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (tenant_id, day, product_id, model, provider) DO UPDATE SET
      requests = d.requests + EXCLUDED.requests,
      errors = d.errors + EXCLUDED.errors,
      input_tokens = d.input_tokens + EXCLUDED.input_tokens,
      output_tokens = d.output_tokens + EXCLUDED.output_tokens,
      charge_nano_eur = d.charge_nano_eur + EXCLUDED.charge_nano_eur,
      cost_nano_eur = d.cost_nano_eur + EXCLUDED.cost_nano_eur
  )
  INSERT INTO usage_first_tokens AS f (tenant_id, day, bucket, requests)
  SELECT tenant_id, day, bucket, sum(sign) FROM counted WHERE bucket IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (tenant_id, day, bucket) DO UPDATE SET requests = f.requests + EXCLUDED.requests;
  RETURN NULL;
END $$;

-- A row is written once and may be superseded once; the service may change nothing else of it.
CREATE TRIGGER usage_is_totalled AFTER INSERT ON usage_records
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_usage_totals();
CREATE TRIGGER usage_is_taken_back AFTER UPDATE ON usage_records
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION change_usage_totals();

-- What was used before, as if it were written now: no row is changed by it but its place in the totals.
UPDATE usage_records SET superseded_at = superseded_at WHERE superseded_at IS NULL;

-- For the platform's admins, who look across tenants. Runs as the owner and gives away sums only.
CREATE FUNCTION tenant_totals(from_day date, end_day date)
RETURNS TABLE (tenant_id text, requests bigint, errors bigint, input_tokens bigint, output_tokens bigint,
  charge bigint, cost bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.tenant_id, sum(d.requests)::bigint, sum(d.errors)::bigint, sum(d.input_tokens)::bigint,
    sum(d.output_tokens)::bigint, sum(d.charge_nano_eur)::bigint, sum(d.cost_nano_eur)::bigint
  FROM usage_days d WHERE (from_day IS NULL OR d.day >= from_day) AND (end_day IS NULL OR d.day < end_day)
  GROUP BY d.tenant_id HAVING sum(d.requests) <> 0 OR sum(d.charge_nano_eur) <> 0
  ORDER BY sum(d.charge_nano_eur) DESC, d.tenant_id
$$;
REVOKE EXECUTE ON FUNCTION tenant_totals FROM PUBLIC;
