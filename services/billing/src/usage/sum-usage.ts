import { formatEur, parseEur, type UsageRowFilter, type UsageSum } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { narrow, type UsageScope } from './list-usage.ts';
import { readUsageSum } from './usage-sum.store.ts';
import { readUsageTotals } from './usage-totals.store.ts';
import { EVERY_DAY, readWholeDays } from './whole-days.store.ts';

const NOTHING: UsageSum = { requests: 0, inputTokens: 0, outputTokens: 0, charge: '0.00', cost: '0.00' };
/** What the totals that are kept beside the rows can be narrowed by: then no row is read. */
const KEPT_BY: readonly string[] = [
  'subjectId',
  'apiKeyId',
  'productId',
  'model',
  'provider',
  'costCentre',
  'without',
] satisfies (keyof UsageRowFilter)[];

/** Of exactly the rows that the list gives for the same filter: whole days from the kept totals, what juts out from rows. */
export async function sumUsage(pool: Pool, scope: UsageScope, query: UsageRowFilter): Promise<UsageSum> {
  const selection = narrow(scope, query);
  if (!selection) return NOTHING;
  const { from, to, ...narrowing } = query;
  const isKept = Object.entries(narrowing).every(([name, value]) => value === undefined || KEPT_BY.includes(name));
  if (!isKept) return readUsageSum(pool, selection);
  const days = from === undefined && to === undefined ? EVERY_DAY : await readWholeDays(pool, selection);
  if (!days) return readUsageSum(pool, selection);
  const [whole] = await readUsageTotals(pool, selection, { by: [], ...days.named });
  const edges = days.edges.map((edge) => readUsageSum(pool, { ...selection, ...edge }));
  return [whole ?? NOTHING, ...(await Promise.all(edges))].reduce(add);
}

function add(one: UsageSum, other: UsageSum): UsageSum {
  const amount = (name: 'charge' | 'cost') => formatEur(parseEur(one[name]) + parseEur(other[name]));
  return {
    requests: one.requests + other.requests,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    charge: amount('charge'),
    cost: amount('cost'),
  };
}
