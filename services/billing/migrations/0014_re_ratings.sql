-- What was charged in a range, charged again at other prices. It runs in steps; where it stands is kept with it, so that it
-- goes on where it stopped.
CREATE TABLE re_ratings (
  tenant_id text NOT NULL,
  id uuid NOT NULL,
  input_hash text NOT NULL,
  range_from timestamptz NOT NULL,
  range_to timestamptz NOT NULL,
  model text,
  reason text NOT NULL,
  author text NOT NULL,
  totals jsonb NOT NULL,
  cursor_settled_at timestamptz,
  cursor_reservation_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CHECK (range_from < range_to)
);
ALTER TABLE re_ratings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON re_ratings USING (tenant_id = current_setting('app.tenant_id', true));

-- The re-rating that a row came from; the row that it replaced stands a millisecond before it.
ALTER TABLE usage_records ADD COLUMN re_rating_id uuid;
-- The moment of the row that counts now, where a re-rating replaced the one of the ending.
ALTER TABLE reservations ADD COLUMN usage_at timestamptz;
