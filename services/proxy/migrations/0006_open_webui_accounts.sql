-- Up Migration

-- Whose an account at Open WebUI is: learnt once, while the person's own access token and the signed header came together,
-- and never changed. Its requests without a browser are charged by it.
CREATE TABLE proxy.open_webui_accounts (
  account_id text PRIMARY KEY,
  subject_id text NOT NULL,
  -- Of the newest access token that came with it: sessions ended after it end the account's requests too.
  token_issued_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX open_webui_accounts_subject ON proxy.open_webui_accounts (subject_id);

-- Down Migration

DROP TABLE proxy.open_webui_accounts;
