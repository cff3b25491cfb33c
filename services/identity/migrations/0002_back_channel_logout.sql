-- Applications that want to be told when somebody signs out, and those that know no EdDSA.
ALTER TABLE identity.oidc_clients ADD COLUMN backchannel_logout_uri text;
ALTER TABLE identity.oidc_clients ADD COLUMN id_token_algorithm text NOT NULL DEFAULT 'EdDSA';
