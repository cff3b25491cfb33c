-- Which deployment of a public model served, and where. Null: from before deployments had names.
ALTER TABLE reservations ADD COLUMN deployment text, ADD COLUMN region text;
ALTER TABLE usage_records ADD COLUMN deployment text, ADD COLUMN region text;

-- A custom deployment brings its prices in its directory record. They become price lists like all others (provider
-- `custom`, model: the deployment's id), each in effect from the moment the change arrives; the same prices again add
-- nothing. Runs as the owner: the service's role can't write prices.
CREATE FUNCTION price_custom_deployments() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH wanted AS (
    SELECT id, (
      SELECT jsonb_object_agg(key, value::numeric) FROM jsonb_each_text(record -> 'prices')
    ) AS prices
    FROM directory_models
    WHERE NOT deleted AND record ->> 'provider' = 'custom' AND jsonb_typeof(record -> 'prices') = 'object'
  ), changed AS (
    SELECT id, prices FROM wanted
    WHERE prices IS NOT NULL AND prices IS DISTINCT FROM (
      SELECT jsonb_object_agg(meter, usd_per_million) FROM prices
      WHERE price_version_id = (
        SELECT v.id FROM price_versions v WHERE v.provider = 'custom' AND v.model = wanted.id
        ORDER BY v.effective_from DESC LIMIT 1
      )
    )
  ), added AS (
    INSERT INTO price_versions (provider, model, effective_from, source)
    SELECT 'custom', id, clock_timestamp(), 'directory' FROM changed
    RETURNING id, model
  )
  INSERT INTO prices (price_version_id, above_input_tokens, meter, usd_per_million)
  SELECT added.id, 0, price.key, price.value::numeric
  FROM added JOIN changed ON changed.id = added.model, jsonb_each_text(changed.prices) AS price
$$;
