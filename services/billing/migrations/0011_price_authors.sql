-- Who added a price or a rate by hand; null: the catalogue, the environment, the ECB, a record of the directory.
ALTER TABLE price_versions ADD COLUMN author text;
ALTER TABLE exchange_rates ADD COLUMN author text, ADD COLUMN quoted_at timestamptz;
UPDATE exchange_rates SET quoted_at = effective_from;
ALTER TABLE exchange_rates ALTER COLUMN quoted_at SET NOT NULL, ALTER COLUMN quoted_at SET DEFAULT now();
