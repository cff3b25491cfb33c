import type { UsageTotal, UsageTotalsQuery } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { narrow, type UsageScope } from './list-usage.ts';
import { readUsageTotals } from './usage-totals.store.ts';

/** Sums of what somebody may see, by the dimensions that were asked for. */
export async function totalUsage(
  pool: Pool,
  scope: UsageScope,
  query: Omit<UsageTotalsQuery, 'limit'> & { limit?: number },
): Promise<UsageTotal[]> {
  const { from: _from, to: _to, by: _by, limit: _limit, ...narrowing } = query;
  const filter = narrow(scope, narrowing);
  return filter ? readUsageTotals(pool, filter, query) : [];
}
