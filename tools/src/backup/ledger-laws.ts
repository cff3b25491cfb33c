/** Laws 2, 3 and 7 of the ledger, asked of billing's Postgres itself; holds may be open. */

/** Runs one query. */
type Ask = <Row extends object>(text: string) => Promise<Row[]>;

/** Sums of posted money and of open holds, beside the balances that say them. */
const BALANCES = `
  WITH holds AS (
    SELECT r.tenant_id, o.level, o.owner_id, r.period_start, sum(r.hold_nano_eur) AS sum FROM reservations r
    CROSS JOIN LATERAL (VALUES ('tenant', r.tenant_id), ('user', r.subject_id), ('api_key', r.api_key_id)) o (level, owner_id)
    WHERE r.state = 'open' GROUP BY 1, 2, 3, 4),
  posted AS (
    SELECT tenant_id, level, owner_id, period_start, sum(amount_nano_eur) AS sum FROM entries
    WHERE kind NOT IN ('top_up', 'carry_over') GROUP BY 1, 2, 3, 4)
  SELECT b.level, b.owner_id FROM budget_balances b
  LEFT JOIN posted p USING (tenant_id, level, owner_id, period_start)
  LEFT JOIN holds h USING (tenant_id, level, owner_id, period_start)
  WHERE b.posted_nano_eur <> coalesce(p.sum, 0) OR b.pending_nano_eur <> coalesce(h.sum, 0)`;

const RESERVATIONS = `
  SELECT r.id, r.state FROM reservations r
  LEFT JOIN (SELECT tenant_id, reservation_id, sum(amount_nano_eur) AS sum, count(*) FILTER (WHERE kind = 'charge') AS charges
    FROM entries WHERE level = 'user' GROUP BY 1, 2) e ON e.tenant_id = r.tenant_id AND e.reservation_id = r.id
  WHERE coalesce(e.sum, 0) <> coalesce(r.charge_nano_eur, 0)
    OR coalesce(e.charges, 0) <> CASE WHEN r.state IN ('settled', 'expired') THEN 1 ELSE 0 END`;

const LOG = `
  SELECT r.id FROM reservations r
  LEFT JOIN usage_records u ON u.tenant_id = r.tenant_id AND u.reservation_id = r.id AND u.superseded_at IS NULL
  GROUP BY r.tenant_id, r.id, r.charge_nano_eur
  HAVING count(u.*) > 1 OR coalesce(sum(u.charge_nano_eur), 0) <> coalesce(r.charge_nano_eur, 0)`;

/** Sums that don't agree, and reservations that ended twice; empty when all is well. */
export async function findBrokenLaws(ask: Ask): Promise<string[]> {
  const balances = await ask<{ level: string; owner_id: string }>(BALANCES);
  const reservations = await ask<{ id: string; state: string }>(RESERVATIONS);
  const logged = await ask<{ id: string }>(LOG);
  return [
    ...balances.map(({ level, owner_id }) => `law 3: the sums of ${level} ${owner_id} are not its rows`),
    ...reservations.map(({ id, state }) => `law 2: reservation ${id} is ${state} and its entries say otherwise`),
    ...logged.map(({ id }) => `law 7: the log of reservation ${id} is not its charge`),
  ];
}
