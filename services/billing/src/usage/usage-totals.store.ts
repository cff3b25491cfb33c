/** Totals of usage from the tables that the database keeps beside the rows: one by person, and a small one by day. */
import {
  formatEur,
  type TenantTotal,
  TOTALS_MAX,
  type UsageDimension,
  type UsageTotal,
  type UsageTotalsQuery,
} from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import type { UsageSelection } from './usage.store.ts';

const COLUMNS = {
  day: 'day',
  subject: 'subject_id',
  apiKey: 'api_key_id',
  product: 'product_id',
  model: 'model',
  provider: 'provider',
  costCentre: 'cost_centre',
} as const satisfies Record<UsageDimension, string>;
const FILTERS = {
  subjectId: 'subject_id',
  apiKeyId: 'api_key_id',
  productId: 'product_id',
  model: 'model',
  provider: 'provider',
  costCentre: 'cost_centre',
} as const;
/** Totals keep nothing as the empty text. */
const LACKING = { apiKey: 'api_key_id', product: 'product_id', costCentre: 'cost_centre' } as const;
/** What only the table by person knows. */
const OF_PEOPLE: readonly string[] = ['subject_id', 'api_key_id', 'cost_centre'];

interface Sums {
  requests: bigint;
  errors: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  charge: bigint;
  cost: bigint;
}
type Row = Sums & Partial<Record<(typeof COLUMNS)[UsageDimension], string>>;

function toSums(row: Sums) {
  return {
    requests: Number(row.requests),
    errors: Number(row.errors),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    charge: formatEur(row.charge),
    cost: formatEur(row.cost),
  };
}

function toTotal(row: Row): UsageTotal {
  return {
    ...(row.day !== undefined && { day: row.day }),
    ...(row.subject_id !== undefined && { subjectId: row.subject_id }),
    ...(row.api_key_id !== undefined && { apiKeyId: row.api_key_id || null }),
    ...(row.product_id !== undefined && { productId: row.product_id || null }),
    ...(row.model !== undefined && { model: row.model }),
    ...(row.provider !== undefined && { provider: row.provider }),
    ...(row.cost_centre !== undefined && { costCentre: row.cost_centre }),
    ...toSums(row),
  };
}

const SUMS = `coalesce(sum(requests), 0)::bigint AS requests, coalesce(sum(errors), 0)::bigint AS errors,
  coalesce(sum(input_tokens), 0)::bigint AS input_tokens, coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
  coalesce(sum(charge_nano_eur), 0)::bigint AS charge, coalesce(sum(cost_nano_eur), 0)::bigint AS cost`;

/** The most expensive first; by day: in their order. */
export function readUsageTotals(
  pool: Pool,
  filter: Pick<UsageSelection, 'tenantId' | 'without' | keyof typeof FILTERS>,
  query: Pick<UsageTotalsQuery, 'by' | 'from' | 'to'> & { limit?: number },
): Promise<UsageTotal[]> {
  const values: unknown[] = [filter.tenantId];
  const conditions: string[] = [];
  const groups: string[] = query.by.map((dimension) => COLUMNS[dimension]);
  const named: string[] = [...groups];
  for (const [field, column] of Object.entries(FILTERS) as [keyof typeof FILTERS, string][]) {
    const value = filter[field];
    if (value === undefined || value === null) continue;
    conditions.push(`${column} = $${values.push(value)}`);
    named.push(column);
  }
  if (filter.without) {
    conditions.push(`${LACKING[filter.without]} = ''`);
    named.push(LACKING[filter.without]);
  }
  if (query.from !== undefined) conditions.push(`day >= $${values.push(query.from)}::date`);
  if (query.to !== undefined) conditions.push(`day < $${values.push(query.to)}::date`);
  const table = named.some((column) => OF_PEOPLE.includes(column)) ? 'usage_totals' : 'usage_days';
  const shown = groups.map((column) => (column === 'day' ? `to_char(day, 'YYYY-MM-DD') AS day` : column));
  return inTenantTransaction(pool, filter.tenantId, async (client) => {
    const { rows } = await client.query<Row>(
      `SELECT ${[...shown, SUMS].join(', ')} FROM ${table} WHERE tenant_id = $1 ${conditions.map((condition) => `AND ${condition}`).join(' ')}
       ${groups.length > 0 ? `GROUP BY ${groups.map((column) => `${table}.${column}`).join(', ')} HAVING sum(requests) <> 0 OR sum(charge_nano_eur) <> 0` : ''}
       ORDER BY ${groups.includes('day') ? `${table}.day, ` : ''}charge DESC LIMIT ${query.limit ?? TOTALS_MAX}`,
      values,
    );
    return rows.map(toTotal);
  });
}

/** Each tenant's sums, the most expensive first. For platform admins only: the one look across tenants. */
export async function readTenantTotals(
  pool: Pool,
  { from = null, to = null }: { from?: string | null | undefined; to?: string | null | undefined },
): Promise<TenantTotal[]> {
  const { rows } = await pool.query<Sums & { tenant_id: string }>('SELECT * FROM tenant_totals($1::date, $2::date)', [
    from,
    to,
  ]);
  return rows.map((row) => ({ tenantId: row.tenant_id, ...toSums(row) }));
}
