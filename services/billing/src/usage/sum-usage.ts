import type { UsageRowFilter, UsageSum } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { narrow, type UsageScope } from './list-usage.ts';
import { readUsageSum } from './usage-sum.store.ts';
import { readUsageTotals } from './usage-totals.store.ts';

const NOTHING: UsageSum = { requests: 0, inputTokens: 0, outputTokens: 0, charge: '0.00', cost: '0.00' };
/** What the totals that are kept beside the rows can be narrowed by: then no row is read. */
const KEPT_BY: readonly string[] = [
  'subjectId',
  'apiKeyId',
  'productId',
  'model',
  'provider',
  'costCentre',
] satisfies (keyof UsageRowFilter)[];

/** Of exactly the rows that the list gives for the same filter. */
export async function sumUsage(pool: Pool, scope: UsageScope, query: UsageRowFilter): Promise<UsageSum> {
  const selection = narrow(scope, query);
  if (!selection) return NOTHING;
  const isKept = Object.entries(query).every(([name, value]) => value === undefined || KEPT_BY.includes(name));
  if (!isKept) return readUsageSum(pool, selection);
  const [total] = await readUsageTotals(pool, selection, { by: [] });
  return total ?? NOTHING;
}
