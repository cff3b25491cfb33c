-- One version is the complete price list of one upstream model from a moment on; it is never changed, only followed.
CREATE TABLE price_versions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider text NOT NULL,
  model text NOT NULL,
  effective_from timestamptz NOT NULL,
  source text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider, model, effective_from)
);
CREATE TABLE prices (
  price_version_id bigint NOT NULL REFERENCES price_versions,
  above_input_tokens bigint NOT NULL DEFAULT 0 CHECK (above_input_tokens >= 0),
  meter text NOT NULL CHECK (
    meter IN ('uncached_input', 'cache_read', 'cache_write', 'output_text', 'reasoning', 'server_tool_call')
  ),
  usd_per_million numeric NOT NULL CHECK (usd_per_million >= 0),
  PRIMARY KEY (price_version_id, above_input_tokens, meter)
);
CREATE TABLE exchange_rates (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  effective_from timestamptz NOT NULL,
  eur_per_usd numeric NOT NULL CHECK (eur_per_usd > 0),
  source text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON exchange_rates (effective_from DESC, id DESC);
