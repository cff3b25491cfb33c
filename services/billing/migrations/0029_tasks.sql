-- What a program asked by itself (a title, tags): a word of the contracts. Null: somebody's question, or from before.
ALTER TABLE reservations ADD COLUMN task text;
ALTER TABLE usage_records ADD COLUMN task text;
