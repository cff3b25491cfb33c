/**
 * What was left of a month goes into the next one, where the product says so; once, when its last hold has ended. Months
 * are closed in their order, so that of two that are late the second carries on what the first left.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTurn } from '../database/tenant-transaction.ts';
import { readTenantPeople } from '../directory/directory.store.ts';
import { openPeriod } from '../ledger/balances.store.ts';
import { type CarriedOver, carriedOver, type Leftover } from './carry-over.ts';

const PERIODS_AT_ONCE = 50;
/** In one turn: the tenant's requests wait meanwhile. */
const PEOPLE_AT_ONCE = 1_000;

/**
 * The next people by id who had a balance in this month or an earlier one (who came later has nothing to carry) and to
 * whom nothing was carried since.
 */
async function readLeftovers(
  client: PoolClient,
  tenantId: string,
  periodStart: Date,
  afterId: string,
): Promise<Leftover[]> {
  const { rows } = await client.query<{ owner_id: string; posted: bigint; allowance: bigint }>(
    `SELECT owner_id, coalesce(sum(posted_nano_eur) FILTER (WHERE period_start = $2), 0)::bigint AS posted,
       coalesce(sum(allowance_nano_eur) FILTER (WHERE period_start = $2), 0)::bigint AS allowance
     FROM budget_balances b
     WHERE tenant_id = $1 AND level = 'user' AND period_start <= $2 AND owner_id > $3 AND NOT EXISTS (
       SELECT FROM entries e WHERE e.tenant_id = b.tenant_id AND e.level = b.level AND e.owner_id = b.owner_id
         AND e.period_start > $2 AND e.kind = 'carry_over'
     )
     GROUP BY owner_id ORDER BY owner_id LIMIT ${PEOPLE_AT_ONCE}`,
    [tenantId, periodStart, afterId],
  );
  return rows.map((row) => ({ subjectId: row.owner_id, postedNanoEur: row.posted, allowanceNanoEur: row.allowance }));
}

/** The month into which a month's rest goes: the next that was opened, over or not, else the one that is now. */
async function openNextPeriod(client: PoolClient, tenantId: string, after: Date): Promise<{ now: Date; start: Date }> {
  const { now, period } = await openPeriod(client, tenantId);
  const { rows } = await client.query<{ period_start: Date }>(
    `SELECT period_start FROM budget_periods WHERE tenant_id = $1 AND period_start > $2 AND closed_at IS NULL
     ORDER BY period_start LIMIT 1`,
    [tenantId, after],
  );
  return { now, start: rows[0]?.period_start ?? period.start };
}

/** The entries and their balances, opened where they are missing. */
async function writeCarried(client: PoolClient, tenantId: string, from: Date, carried: CarriedOver[]): Promise<void> {
  if (carried.length === 0) return;
  const { now, start } = await openNextPeriod(client, tenantId, from);
  const subjectIds = carried.map(({ subjectId }) => subjectId);
  const amounts = carried.map(({ amountNanoEur }) => String(amountNanoEur));
  await client.query(
    `INSERT INTO budget_balances AS b (tenant_id, level, owner_id, period_start, allowance_nano_eur)
     SELECT $1, 'user', owner_id, $2, amount FROM unnest($3::text[], $4::bigint[]) AS given (owner_id, amount)
     ON CONFLICT (tenant_id, level, owner_id, period_start)
     DO UPDATE SET allowance_nano_eur = b.allowance_nano_eur + EXCLUDED.allowance_nano_eur`,
    [tenantId, start, subjectIds, amounts],
  );
  await client.query(
    `INSERT INTO entries (tenant_id, level, owner_id, period_start, amount_nano_eur, adjustment_id, kind, reason, author,
       created_at)
     SELECT $1, 'user', owner_id, $2, amount, id, 'carry_over', $6, 'billing', $7
     FROM unnest($3::text[], $4::bigint[], $5::uuid[]) AS given (owner_id, amount, id)`,
    [
      ...[tenantId, start, subjectIds, amounts, carried.map(() => randomUUID())],
      ...[`left of the month from ${from.toISOString()}`, now],
    ],
  );
}

/** Carry over what the next people have left, and close the month after the last. @returns the last one's id; null: closed */
function closeForSome(pool: Pool, tenantId: string, periodStart: Date, afterId: string): Promise<string | null> {
  return inTenantTurn(pool, tenantId, async ({ client, begin }) => {
    await begin();
    const open = await client.query(
      'SELECT FROM budget_periods WHERE tenant_id = $1 AND period_start = $2 AND closed_at IS NULL',
      [tenantId, periodStart],
    );
    if (open.rowCount === 0) return null;
    const { products } = await readTenantPeople(client, tenantId, []);
    if (products.some(({ carryOverCapEur }) => carryOverCapEur !== '')) {
      const leftovers = await readLeftovers(client, tenantId, periodStart, afterId);
      const subjectIds = leftovers.map(({ subjectId }) => subjectId);
      const people = await readTenantPeople(client, tenantId, subjectIds);
      await writeCarried(client, tenantId, periodStart, carriedOver(people, leftovers));
      if (leftovers.length === PEOPLE_AT_ONCE) return subjectIds.at(-1) ?? null;
    }
    await client.query('UPDATE budget_periods SET closed_at = now() WHERE tenant_id = $1 AND period_start = $2', [
      tenantId,
      periodStart,
    ]);
    return null;
  });
}

async function closePeriod(pool: Pool, tenantId: string, periodStart: Date): Promise<void> {
  let afterId: string | null = '';
  while (afterId !== null) afterId = await closeForSome(pool, tenantId, periodStart, afterId);
}

/** Close the months that can be closed now, of all tenants. @returns how many */
export async function closePeriods(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ tenant_id: string; period_start: Date }>('SELECT * FROM periods_to_close($1)', [
    PERIODS_AT_ONCE,
  ]);
  for (const row of rows) await closePeriod(pool, row.tenant_id, row.period_start);
  return rows.length;
}
