-- When a re-rating last moved: what stands still was left behind by a process that ended, and is taken up again.
ALTER TABLE re_ratings ADD COLUMN stepped_at timestamptz NOT NULL DEFAULT clock_timestamp();

-- Of any tenant; ids only.
CREATE FUNCTION re_ratings_left_behind(idle interval) RETURNS TABLE (tenant_id text, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.tenant_id, r.id FROM re_ratings r
  WHERE r.finished_at IS NULL AND r.stepped_at <= now() - idle ORDER BY r.created_at
$$;
REVOKE EXECUTE ON FUNCTION re_ratings_left_behind FROM PUBLIC;
