-- When somebody is told how much is spent. A tenant without a row has the usual thresholds and no webhook.
CREATE TABLE alert_settings (
  tenant_id text PRIMARY KEY,
  thresholds_percent integer[] NOT NULL,
  webhook_url text,
  -- The webhook's secret is made from the installation's and this number: another number, another secret.
  secret_version integer NOT NULL DEFAULT 1
);
-- Each threshold once per level, owner and month.
CREATE TABLE alerts (
  tenant_id text NOT NULL,
  level text NOT NULL CHECK (level IN ('tenant', 'user')),
  owner_id text NOT NULL,
  period_start timestamptz NOT NULL,
  threshold_percent integer NOT NULL CHECK (threshold_percent BETWEEN 1 AND 100),
  raised_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, level, owner_id, period_start, threshold_percent)
);
ALTER TABLE alert_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON alert_settings USING (tenant_id = current_setting('app.tenant_id', true));
ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON alerts USING (tenant_id = current_setting('app.tenant_id', true));
