/** What was left of a month goes into the next one, where the product says so; once, when its last hold has ended. */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTurn } from '../database/tenant-transaction.ts';
import { readTenantPeople } from '../directory/directory.store.ts';
import { lockBalances, openPeriod } from '../ledger/balances.store.ts';
import { writeAdjustment } from './adjustments.store.ts';
import { type CarriedOver, carriedOver, type Leftover } from './carry-over.ts';

const PERIODS_AT_ONCE = 50;

/** Everybody who had a balance in this month or an earlier one: who came later has nothing to carry. */
async function readLeftovers(client: PoolClient, tenantId: string, periodStart: Date): Promise<Leftover[]> {
  const { rows } = await client.query<{ owner_id: string; posted: bigint; allowance: bigint }>(
    `SELECT owner_id, coalesce(sum(posted_nano_eur) FILTER (WHERE period_start = $2), 0)::bigint AS posted,
       coalesce(sum(allowance_nano_eur) FILTER (WHERE period_start = $2), 0)::bigint AS allowance
     FROM budget_balances WHERE tenant_id = $1 AND level = 'user' AND period_start <= $2
     GROUP BY owner_id ORDER BY owner_id`,
    [tenantId, periodStart],
  );
  return rows.map((row) => ({ subjectId: row.owner_id, postedNanoEur: row.posted, allowanceNanoEur: row.allowance }));
}

async function writeCarried(client: PoolClient, tenantId: string, from: Date, carried: CarriedOver[]): Promise<void> {
  if (carried.length === 0) return;
  const { now, period } = await openPeriod(client, tenantId);
  const names = carried.map(({ subjectId }) => ({
    level: 'user' as const,
    ownerId: subjectId,
    periodStart: period.start,
  }));
  await lockBalances(client, tenantId, { tenant: null, users: [], products: [], apiKeys: [] }, names);
  for (const { subjectId, amountNanoEur } of carried) {
    const entry = { id: randomUUID(), kind: 'carry_over' as const, level: 'user' as const, ownerId: subjectId };
    const why = { reason: `left of the month from ${from.toISOString()}`, author: 'billing' };
    await writeAdjustment(client, tenantId, { now, periodStart: period.start }, { ...entry, ...why, amountNanoEur });
  }
}

function closePeriod(pool: Pool, tenantId: string, periodStart: Date): Promise<void> {
  return inTenantTurn(pool, tenantId, async (client, turn) => {
    await turn;
    const claimed = await client.query(
      'UPDATE budget_periods SET closed_at = now() WHERE tenant_id = $1 AND period_start = $2 AND closed_at IS NULL',
      [tenantId, periodStart],
    );
    if (claimed.rowCount === 0) return;
    const people = await readTenantPeople(client, tenantId);
    if (!people.products.some(({ carryOverCapEur }) => carryOverCapEur !== '')) return;
    const leftovers = await readLeftovers(client, tenantId, periodStart);
    await writeCarried(client, tenantId, periodStart, carriedOver(people, leftovers));
  });
}

/** Close the months that can be closed now, of all tenants. @returns how many */
export async function closePeriods(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ tenant_id: string; period_start: Date }>('SELECT * FROM periods_to_close($1)', [
    PERIODS_AT_ONCE,
  ]);
  for (const row of rows) await closePeriod(pool, row.tenant_id, row.period_start);
  return rows.length;
}
