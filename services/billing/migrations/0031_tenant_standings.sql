-- What each tenant with a budget has this month, for the metrics; nothing about people.
CREATE FUNCTION tenant_standings() RETURNS TABLE (slug text, limit_eur numeric, remaining_eur numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.slug, t.limit_eur, t.limit_eur - coalesce(b.posted_nano_eur + b.pending_nano_eur, 0) / 1e9
  FROM (
    SELECT d.id, d.record ->> 'slug' AS slug, (d.record ->> 'monthlyBudgetEur')::numeric AS plain_eur
    FROM directory_tenants d WHERE NOT d.deleted AND coalesce(d.record ->> 'monthlyBudgetEur', '') <> ''
  ) d
  CROSS JOIN LATERAL budget_period_at(d.id, now()) p
  LEFT JOIN budget_balances b
    ON b.tenant_id = d.id AND b.level = 'tenant' AND b.owner_id = d.id AND b.period_start = p.period_start
  CROSS JOIN LATERAL (SELECT d.slug, d.plain_eur + coalesce(b.allowance_nano_eur, 0) / 1e9 AS limit_eur) t
$$;
REVOKE EXECUTE ON FUNCTION tenant_standings FROM PUBLIC;
