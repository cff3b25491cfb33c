-- Answers of the Responses API that people let be kept, for `previous_response_id` and for looking at them again. JSON is
-- kept as text: it is never searched, and jsonb could not hold U+0000. What is older than the retention rule goes.
CREATE TABLE proxy.responses (
  subject_id text NOT NULL,
  id text NOT NULL,
  previous_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Of this request alone; what came before it is found by previous_id.
  input text NOT NULL,
  response text NOT NULL,
  -- Of the response's output: clients may send an item's id instead of the item.
  item_ids text[] NOT NULL,
  PRIMARY KEY (subject_id, id)
);
CREATE INDEX ON proxy.responses (created_at);
CREATE INDEX ON proxy.responses USING gin (item_ids);
