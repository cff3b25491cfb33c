-- What rows are looked for by, and the way that a request took. Null: from before it was kept, or not told.
ALTER TABLE reservations ADD COLUMN product_id text;
ALTER TABLE usage_records
  -- The plan that the person had when the money was promised.
  ADD COLUMN product_id text,
  -- From the request to the call of the provider that served it.
  ADD COLUMN waited_ms integer CHECK (waited_ms >= 0),
  -- Calls of providers before it that came to nothing: deployment, kind of failure, times. Null: there were none.
  ADD COLUMN failed_attempts jsonb,
  -- Why the answer broke off, a word of the proxy's; never a provider's text.
  ADD COLUMN error_kind text;
CREATE INDEX ON usage_records (tenant_id, request_id);
CREATE INDEX ON usage_records (tenant_id, api_key_id, settled_at, reservation_id) WHERE api_key_id IS NOT NULL;
CREATE INDEX ON usage_records (tenant_id, settled_at, reservation_id) WHERE outcome <> 'completed';
