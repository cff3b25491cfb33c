-- Meters beside plain tokens, and prices by service tier.
ALTER TABLE prices DROP CONSTRAINT prices_meter_check;
ALTER TABLE prices ADD CONSTRAINT prices_meter_check CHECK (
  meter IN (
    'uncached_input', 'cache_read', 'cache_write', 'cache_write_1h', 'input_audio',
    'output_text', 'reasoning', 'output_audio', 'output_image', 'server_tool_call'
  )
);
ALTER TABLE prices ADD COLUMN service_tier text NOT NULL DEFAULT 'standard'
  CHECK (service_tier IN ('standard', 'flex', 'priority', 'batch'));
ALTER TABLE prices DROP CONSTRAINT prices_pkey;
ALTER TABLE prices ADD PRIMARY KEY (price_version_id, service_tier, above_input_tokens, meter);

-- What a request can be charged for beside plain tokens of the standard tier; null: nothing.
ALTER TABLE reservations ADD COLUMN reach jsonb;

ALTER TABLE usage_records
  ADD COLUMN cache_write_1h bigint,
  ADD COLUMN input_audio bigint,
  ADD COLUMN output_audio bigint,
  ADD COLUMN output_image bigint,
  -- That was served; null: the provider did not say.
  ADD COLUMN service_tier text;
