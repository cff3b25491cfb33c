-- A month is closed after all before it: what they leave goes through it, and would find it closed.
CREATE OR REPLACE FUNCTION periods_to_close(row_limit integer) RETURNS TABLE (tenant_id text, period_start timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.tenant_id, p.period_start FROM budget_periods p
  WHERE p.closed_at IS NULL AND p.period_end <= now()
    AND NOT EXISTS (
      SELECT FROM reservations r
      WHERE r.tenant_id = p.tenant_id AND r.period_start = p.period_start AND r.state = 'open'
    )
    AND NOT EXISTS (
      SELECT FROM budget_periods earlier
      WHERE earlier.tenant_id = p.tenant_id AND earlier.period_start < p.period_start AND earlier.closed_at IS NULL
    )
  ORDER BY p.period_end LIMIT row_limit
$$;
