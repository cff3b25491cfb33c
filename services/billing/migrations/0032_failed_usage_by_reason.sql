-- Requests that ended otherwise than whole, grouped by reason, are read from the index alone too: they lie scattered over the
-- whole year, and each read a page of its own.
DO $$
DECLARE
  name text;
BEGIN
  SELECT indexrelid::regclass INTO STRICT name FROM pg_index
  WHERE indrelid = 'usage_records'::regclass AND pg_get_expr(indpred, indrelid) LIKE '%outcome <> ''completed''%';
  EXECUTE format('DROP INDEX %s', name);
END $$;
CREATE INDEX ON usage_records (tenant_id, settled_at, reservation_id)
  INCLUDE (outcome, superseded_at, charge_nano_eur, cost_nano_eur, uncached_input, cache_read, cache_write, cache_write_1h,
    input_audio, output_text, reasoning, output_audio, output_image, subject_id, model, deployment, error_kind)
  WHERE outcome <> 'completed';
