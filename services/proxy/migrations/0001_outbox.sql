-- Up Migration

-- Endings of reservations that billing could not take at once. One row per reservation: it ends once.
CREATE TABLE proxy.outbox (
  reservation_id uuid PRIMARY KEY,
  -- json, not jsonb: the text must come back as it was written, or billing would see another input for the same key
  operation json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  deliver_after timestamptz NOT NULL DEFAULT now(),
  -- set when billing refused the operation itself: kept for a person to look at, not sent again
  rejected_because text
);

CREATE INDEX outbox_due ON proxy.outbox (deliver_after) WHERE rejected_because IS NULL;

-- Down Migration

DROP TABLE proxy.outbox;
