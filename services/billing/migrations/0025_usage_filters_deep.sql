-- What an admin narrows the log by finds its rows, or that there are none, without reading the tenant's whole year.
CREATE INDEX ON usage_records (tenant_id, model, settled_at, reservation_id);
CREATE INDEX ON usage_records (tenant_id, cost_centre, settled_at, reservation_id);
CREATE INDEX ON usage_records (tenant_id, deployment, settled_at, reservation_id);
CREATE INDEX ON usage_records (tenant_id, error_kind, settled_at, reservation_id) WHERE error_kind IS NOT NULL;
CREATE INDEX ON usage_records (tenant_id, settled_at, reservation_id) WHERE basis = 'estimated';
