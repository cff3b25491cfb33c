/** The books after a soak: laws 2, 3 and 7 asked of Postgres itself. */
import type { Rig } from './rig.ts';

/** Sums that don't agree, and reservations that ended twice or not at all; empty when all is well. */
export async function brokenLaws(rig: Rig): Promise<string[]> {
  const balances = await rig.sql<{ level: string; owner_id: string }>(
    `SELECT b.level, b.owner_id FROM budget_balances b
     LEFT JOIN (SELECT tenant_id, level, owner_id, period_start, sum(amount_nano_eur) AS sum FROM entries
       WHERE kind NOT IN ('top_up', 'carry_over') GROUP BY 1, 2, 3, 4) e USING (tenant_id, level, owner_id, period_start)
     WHERE b.posted_nano_eur <> coalesce(e.sum, 0) OR b.pending_nano_eur <> 0`,
  );
  const reservations = await rig.sql<{ id: string; state: string }>(
    `SELECT r.id, r.state FROM reservations r
     LEFT JOIN (SELECT tenant_id, reservation_id, sum(amount_nano_eur) AS sum, count(*) FILTER (WHERE kind = 'charge') AS charges
       FROM entries WHERE level = 'user' GROUP BY 1, 2) e ON e.tenant_id = r.tenant_id AND e.reservation_id = r.id
     WHERE r.state = 'open' OR coalesce(e.sum, 0) <> r.charge_nano_eur
       OR coalesce(e.charges, 0) <> CASE WHEN r.state IN ('settled', 'expired') THEN 1 ELSE 0 END`,
  );
  const logged = await rig.sql<{ reservation_id: string }>(
    `SELECT r.id AS reservation_id FROM reservations r
     LEFT JOIN usage_records u ON u.tenant_id = r.tenant_id AND u.reservation_id = r.id AND u.superseded_at IS NULL
     GROUP BY r.tenant_id, r.id, r.charge_nano_eur
     HAVING count(u.*) > 1 OR coalesce(sum(u.charge_nano_eur), 0) <> r.charge_nano_eur`,
  );
  return [
    ...balances.map(({ level, owner_id }) => `law 3: the sums of ${level} ${owner_id} are not its rows`),
    ...reservations.map(({ id, state }) => `law 2: reservation ${id} is ${state} and its entries say otherwise`),
    ...logged.map(({ reservation_id }) => `law 7: the log of reservation ${reservation_id} is not its charge`),
  ];
}

const OPEN_HOLDS = `SELECT count(*) AS open FROM reservations WHERE state = 'open' AND subject_id = $1`;

/** Wait until nothing of a person is under way any more: holds, and settlements in the proxy's outbox. */
export async function waitUntilSettled(rig: Rig, subjectId: string, timeoutMs = 150_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const [open] = await rig.sql<{ open: bigint }>(OPEN_HOLDS, [subjectId]);
    if (open?.open === 0n && (await rig.outboxRows()) === 0) return;
    if (Date.now() > deadline) throw new Error(`${open?.open} holds are still open`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
