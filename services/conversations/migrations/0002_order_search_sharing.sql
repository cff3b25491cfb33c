-- Up Migration

CREATE TABLE conversations.folders (
  id uuid PRIMARY KEY,
  subject_id text NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX folders_names ON conversations.folders (subject_id, lower(name));

ALTER TABLE conversations.conversations
  ADD COLUMN pinned_at timestamptz(3),
  ADD COLUMN folder_id uuid REFERENCES conversations.folders ON DELETE SET NULL,
  -- for a moment it can be brought back; then a sweep deletes it for good
  ADD COLUMN deleted_at timestamptz(3);

CREATE INDEX conversations_in_folder ON conversations.conversations (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX conversations_deleted ON conversations.conversations (deleted_at) WHERE deleted_at IS NOT NULL;

-- One link at most per conversation: what it shows ends at a message, later ones stay private until it is renewed.
CREATE TABLE conversations.shares (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL UNIQUE REFERENCES conversations.conversations ON DELETE CASCADE,
  last_position bigint NOT NULL,
  message_count integer NOT NULL,
  shared_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA conversations;

-- What is searched of a text: its first 100,000 characters, in small letters whatever the database's locale is. More
-- distinct words than that have no room in a tsvector.
CREATE FUNCTION conversations.searchable(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(left($1, 100000) COLLATE "pg_c_utf8");

-- By its words, in both languages of the apps, and by its parts: "Versicherung" is also in "Krankenversicherung".
CREATE FUNCTION conversations.words_of(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_tsvector('pg_catalog.german', conversations.searchable($1))
    || to_tsvector('pg_catalog.english', conversations.searchable($1));

CREATE INDEX messages_words ON conversations.messages USING gin (conversations.words_of(content));
CREATE INDEX messages_parts ON conversations.messages
  USING gin (conversations.searchable(content) conversations.gin_trgm_ops);

-- Down Migration

DROP INDEX conversations.messages_parts;
DROP INDEX conversations.messages_words;
DROP FUNCTION conversations.words_of;
DROP FUNCTION conversations.searchable;
DROP EXTENSION pg_trgm;
DROP TABLE conversations.shares;
ALTER TABLE conversations.conversations DROP COLUMN pinned_at, DROP COLUMN folder_id, DROP COLUMN deleted_at;
DROP TABLE conversations.folders;
