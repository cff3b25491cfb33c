-- Up Migration

-- A question that was edited and an answer that was asked for again stand beside the first one: children of one parent.
ALTER TABLE conversations.messages
  ADD COLUMN parent_id uuid,
  -- of an answer: how it ended; null: not an answer, or from before this was kept
  ADD COLUMN ending text CHECK (ending IN ('whole', 'stopped', 'cut', 'length', 'budget', 'filter', 'failed')),
  -- what the model thought before it answered, as far as it was shown
  ADD COLUMN reasoning text,
  -- which deployment answered, where the first call of one failed
  ADD COLUMN served_by text,
  ADD COLUMN citations jsonb NOT NULL DEFAULT '[]',
  ADD FOREIGN KEY (conversation_id, parent_id) REFERENCES conversations.messages (conversation_id, id);

UPDATE conversations.messages m SET parent_id = before.id
FROM (
  SELECT conversation_id, position, lag(id) OVER (PARTITION BY conversation_id ORDER BY position) AS id
  FROM conversations.messages
) before
WHERE before.conversation_id = m.conversation_id AND before.position = m.position;

-- How the models of a conversation are asked.
ALTER TABLE conversations.conversations
  ADD COLUMN instructions text NOT NULL DEFAULT '',
  ADD COLUMN temperature double precision,
  ADD COLUMN reasoning_effort text;

-- Down Migration

ALTER TABLE conversations.conversations DROP COLUMN instructions, DROP COLUMN temperature, DROP COLUMN reasoning_effort;
ALTER TABLE conversations.messages
  DROP COLUMN parent_id, DROP COLUMN ending, DROP COLUMN reasoning, DROP COLUMN served_by, DROP COLUMN citations;
