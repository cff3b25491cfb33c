-- Up Migration

CREATE TABLE conversations.files (
  conversation_id uuid NOT NULL REFERENCES conversations.conversations ON DELETE CASCADE,
  -- chosen by the client, as a message's is
  id uuid NOT NULL,
  name text NOT NULL,
  -- found in the content, never as it was named
  media_type text NOT NULL,
  size_bytes integer NOT NULL,
  content bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, id)
);
-- Pictures and PDFs are compressed already.
ALTER TABLE conversations.files ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE conversations.message_files (
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  file_id uuid NOT NULL,
  place integer NOT NULL,
  PRIMARY KEY (conversation_id, message_id, place),
  FOREIGN KEY (conversation_id, message_id) REFERENCES conversations.messages (conversation_id, id) ON DELETE CASCADE,
  FOREIGN KEY (conversation_id, file_id) REFERENCES conversations.files (conversation_id, id) ON DELETE CASCADE
);
CREATE INDEX message_files_of_file ON conversations.message_files (conversation_id, file_id);

-- Down Migration

DROP TABLE conversations.message_files;
DROP TABLE conversations.files;
