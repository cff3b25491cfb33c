/** The days that lie whole in a range of moments: totals are kept by the day. */
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import type { UsageSelection } from './usage.store.ts';

export interface WholeDays {
  /** As `readUsageTotals` takes them: the first, and the first that no longer counts. */
  named: { from?: string; to?: string };
  /** What of the range is in no whole day, half-open; at most two. */
  edges: { from: Date; to: Date }[];
}

export const EVERY_DAY: WholeDays = { named: {}, edges: [] };

/** Days are those of the month that paid; with one time zone in all months they are the tenant's. */
const READ = `
  WITH zones AS (SELECT DISTINCT time_zone AS zone FROM budget_periods WHERE tenant_id = $1),
  days AS (
    SELECT zone, ($2::timestamptz AT TIME ZONE zone + interval '1 day' - interval '1 microsecond')::date AS first_day,
      ($3::timestamptz AT TIME ZONE zone)::date AS end_day
    FROM zones WHERE (SELECT count(*) FROM zones) = 1
  )
  SELECT to_char(first_day, 'YYYY-MM-DD') AS from_day, first_day::timestamp AT TIME ZONE zone AS first_at,
    to_char(end_day, 'YYYY-MM-DD') AS to_day, end_day::timestamp AT TIME ZONE zone AS end_at
  FROM days WHERE coalesce(first_day < end_day, true)`;

/** null: none lies whole in it, or the tenant's days were not always those of one time zone. */
export async function readWholeDays(
  pool: Pool,
  { tenantId, from, to }: Pick<UsageSelection, 'tenantId' | 'from' | 'to'>,
): Promise<WholeDays | null> {
  const row = await inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<{
      from_day: string | null;
      first_at: Date | null;
      to_day: string | null;
      end_at: Date | null;
    }>(READ, [tenantId, from ?? null, to ?? null]);
    return rows[0];
  });
  if (!row) return null;
  const edges: WholeDays['edges'] = [];
  if (from && row.first_at && from < row.first_at) edges.push({ from, to: row.first_at });
  if (to && row.end_at && row.end_at < to) edges.push({ from: row.end_at, to });
  return {
    named: { ...(row.from_day !== null && { from: row.from_day }), ...(row.to_day !== null && { to: row.to_day }) },
    edges,
  };
}
