-- How each tenant's proxies said they are, the last word of each process.
CREATE TABLE proxy_reports (
  tenant_id text NOT NULL,
  instance uuid NOT NULL,
  reported_at timestamptz NOT NULL DEFAULT now(),
  report jsonb NOT NULL,
  PRIMARY KEY (tenant_id, instance)
);
ALTER TABLE proxy_reports ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON proxy_reports USING (tenant_id = current_setting('app.tenant_id', true));
