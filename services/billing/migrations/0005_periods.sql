-- The calendar month around a moment in a time zone, as a half-open interval. A zone that Postgres doesn't know counts
-- as UTC, and says so, rather than stopping a tenant's requests.
CREATE FUNCTION calendar_month(at timestamptz, zone text, OUT period_start timestamptz, OUT period_end timestamptz,
  OUT time_zone text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  period_start := date_trunc('month', at AT TIME ZONE zone) AT TIME ZONE zone;
  period_end := (date_trunc('month', at AT TIME ZONE zone) + interval '1 month') AT TIME ZONE zone;
  time_zone := zone;
EXCEPTION WHEN invalid_parameter_value THEN
  period_start := date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  period_end := (date_trunc('month', at AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  time_zone := 'UTC';
END $$;

-- A tenant's period around a moment: the one that was opened, else the one that would be. Periods never overlap: after
-- a change of the time zone the next one begins where the last ended, and a rest of two days or less of the new zone's
-- month is joined to the month after it.
CREATE FUNCTION budget_period_at(tenant text, at timestamptz, OUT period_start timestamptz, OUT period_end timestamptz,
  OUT time_zone text, OUT opened boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  zone text;
  last_end timestamptz;
BEGIN
  SELECT p.period_start, p.period_end, p.time_zone, true INTO period_start, period_end, time_zone, opened
  FROM budget_periods p WHERE p.tenant_id = tenant AND p.period_start <= at AND at < p.period_end;
  IF FOUND THEN RETURN; END IF;
  opened := false;
  SELECT coalesce(d.record ->> 'timeZone', 'UTC') INTO zone FROM directory_tenants d WHERE d.id = tenant;
  SELECT m.period_start, m.period_end, m.time_zone INTO period_start, period_end, time_zone
  FROM calendar_month(at, coalesce(zone, 'UTC')) m;
  SELECT max(p.period_end) INTO last_end FROM budget_periods p WHERE p.tenant_id = tenant AND p.period_end <= at;
  IF last_end > period_start THEN
    IF period_end - last_end <= interval '2 days' THEN
      SELECT m.period_end INTO period_end FROM calendar_month(period_end, time_zone) m;
    END IF;
    period_start := last_end;
  END IF;
END $$;
