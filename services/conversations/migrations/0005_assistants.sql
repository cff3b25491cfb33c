-- Up Migration

CREATE TABLE conversations.assistants (
  id uuid PRIMARY KEY,
  -- opaque: whose it is; every query carries it
  subject_id text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  instructions text NOT NULL,
  -- public model name; null: whichever is chosen
  model text,
  temperature double precision,
  -- with everybody of the tenant
  shared boolean NOT NULL DEFAULT false,
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX assistants_own ON conversations.assistants (subject_id, updated_at DESC, id DESC);
CREATE INDEX assistants_shared ON conversations.assistants (updated_at DESC, id DESC) WHERE shared;

CREATE TABLE conversations.assistant_files (
  assistant_id uuid NOT NULL REFERENCES conversations.assistants ON DELETE CASCADE,
  -- chosen by the client
  id uuid NOT NULL,
  name text NOT NULL,
  -- found in the content, never as it was named
  media_type text NOT NULL,
  size_bytes integer NOT NULL,
  content bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (assistant_id, id)
);
ALTER TABLE conversations.assistant_files ALTER COLUMN content SET STORAGE EXTERNAL;

-- No foreign key: a conversation outlives its assistant, and says that it is gone.
ALTER TABLE conversations.conversations ADD COLUMN assistant_id uuid;

-- Down Migration

ALTER TABLE conversations.conversations DROP COLUMN assistant_id;
DROP TABLE conversations.assistant_files;
DROP TABLE conversations.assistants;
