-- What is final stays final, for whoever writes: the service's role has no right to change entries, and the owner of the
-- tables is stopped by these. Each trigger costs nothing where its condition is not met.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: %', lower(TG_OP), TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entries_are_final BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change('entries are corrected by opposite ones');
CREATE TRIGGER entries_are_kept BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entries are never deleted');

CREATE TRIGGER reservations_end_once BEFORE UPDATE ON reservations FOR EACH ROW
  WHEN (OLD.state <> 'open' AND NEW.state <> OLD.state)
  EXECUTE FUNCTION refuse_change('a reservation ends once');
CREATE TRIGGER reservations_are_settled_once BEFORE UPDATE ON reservations FOR EACH ROW
  WHEN (OLD.end_hash IS NOT NULL AND NEW.end_hash IS DISTINCT FROM OLD.end_hash)
  EXECUTE FUNCTION refuse_change('a settlement or void is never followed by another');

ALTER TABLE reservations
  ADD CHECK (input_tokens_max >= 0 AND held_output_tokens >= 0),
  -- 0 stands in for a column that stays as it is (database/insert-rows.ts); 1 to 128 is the contract's.
  ADD CHECK (choices BETWEEN 0 AND 128),
  ADD CHECK (expires_at >= opened_at),
  ADD CHECK (charge_nano_eur >= 0),
  ADD CHECK ((end_hash IS NULL) = (end_answer IS NULL)),
  ADD CHECK (end_hash IS NULL OR state <> 'open');
ALTER TABLE usage_records
  ADD CHECK (
    least(uncached_input, cache_read, cache_write, cache_write_1h, input_audio, output_text, reasoning, output_audio,
      output_image, server_tool_call) >= 0
  ),
  ADD CHECK (charge_nano_eur >= 0 AND cost_nano_eur >= 0 AND charge_nano_eur >= cost_nano_eur);

-- A tenant's periods never overlap. The hash of the tenant stands for its id: ranges are indexed without an extension.
ALTER TABLE budget_periods ADD EXCLUDE USING gist (
  int8range(hashtextextended(tenant_id, 0), hashtextextended(tenant_id, 0), '[]') WITH &&,
  tstzrange(period_start, period_end) WITH &&
);
