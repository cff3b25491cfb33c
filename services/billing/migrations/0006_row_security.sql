-- Behind the check in code: a transaction sees and writes only rows of the tenant that it has named.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['budget_periods', 'budget_balances', 'reservations', 'refusals', 'entries', 'usage_records']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I USING (tenant_id = current_setting(''app.tenant_id'', true))', name
    );
  END LOOP;
END $$;

-- Work that has no tenant yet looks for it through these, which run as the owner and give away ids and counts only.
CREATE FUNCTION expired_holds(row_limit integer) RETURNS TABLE (tenant_id text, reservation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.tenant_id, r.id FROM reservations r
  WHERE r.state = 'open' AND r.expires_at <= now() ORDER BY r.expires_at LIMIT row_limit
$$;
CREATE FUNCTION count_open_holds() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM reservations r WHERE r.state = 'open'
$$;
CREATE FUNCTION forget_refusals(older_than interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM refusals WHERE decided_at < now() - older_than RETURNING 1) SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION ensure_usage_partition, expired_holds, count_open_holds, forget_refusals FROM PUBLIC;
