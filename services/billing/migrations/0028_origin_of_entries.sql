-- Each entry's balance and reservation are looked up by their keys, whatever the planner believes about the tables: as an
-- anti-join the check read all reservations of a table that had no statistics yet, for each batch.
CREATE OR REPLACE FUNCTION check_origin_of_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added a WHERE (
      SELECT true FROM budget_balances b WHERE b.tenant_id = a.tenant_id AND b.level = a.level AND b.owner_id = a.owner_id
        AND b.period_start = a.period_start LIMIT 1
    ) IS NULL
  ) THEN
    RAISE EXCEPTION 'an entry has no balance' USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF EXISTS (
    SELECT FROM added a WHERE a.reservation_id IS NOT NULL AND (
      SELECT true FROM reservations r WHERE r.tenant_id = a.tenant_id AND r.id = a.reservation_id LIMIT 1
    ) IS NULL
  ) THEN
    RAISE EXCEPTION 'an entry has no reservation' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
