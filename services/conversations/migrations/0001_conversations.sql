-- Up Migration

CREATE TABLE conversations.conversations (
  id uuid PRIMARY KEY,
  -- opaque: whose conversation it is; every query carries it
  subject_id text NOT NULL,
  title text NOT NULL,
  -- milliseconds, as in the API: a cursor made of what a client saw must meet the same row again
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE INDEX conversations_newest ON conversations.conversations (subject_id, updated_at DESC, id DESC);

CREATE TABLE conversations.messages (
  conversation_id uuid NOT NULL REFERENCES conversations.conversations ON DELETE CASCADE,
  -- chosen by the client, so unique within the conversation only: nobody can learn of another's by a clash
  id uuid NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  role text NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
  content text NOT NULL,
  model text,
  -- as the client was told it; the ledger of billing is what counts
  charge_eur text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, id)
);

CREATE INDEX messages_in_order ON conversations.messages (conversation_id, position);

-- Down Migration

DROP TABLE conversations.messages;
DROP TABLE conversations.conversations;
