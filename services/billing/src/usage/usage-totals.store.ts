/** Totals of usage by day, person, key, model and cost centre, from the table that the database keeps beside the rows. */
import { formatEur, type UsageDimension, type UsageTotal, type UsageTotalsQuery } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import type { UsageFilter } from './usage.store.ts';

export const TOTALS_MAX = 10_000;
const COLUMNS: Record<UsageDimension, string> = {
  day: `to_char(day, 'YYYY-MM-DD') AS day`,
  subject: 'subject_id',
  apiKey: 'api_key_id',
  model: 'model',
  costCentre: 'cost_centre',
};
const GROUPS: Record<UsageDimension, string> = {
  day: 'day',
  subject: 'subject_id',
  apiKey: 'api_key_id',
  model: 'model',
  costCentre: 'cost_centre',
};

interface Row {
  day?: string;
  subject_id?: string;
  api_key_id?: string;
  model?: string;
  cost_centre?: string;
  requests: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  charge: bigint;
  cost: bigint;
}

function toTotal(row: Row): UsageTotal {
  return {
    ...(row.day !== undefined && { day: row.day }),
    ...(row.subject_id !== undefined && { subjectId: row.subject_id }),
    ...(row.api_key_id !== undefined && { apiKeyId: row.api_key_id || null }),
    ...(row.model !== undefined && { model: row.model }),
    ...(row.cost_centre !== undefined && { costCentre: row.cost_centre }),
    requests: Number(row.requests),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    charge: formatEur(row.charge),
    cost: formatEur(row.cost),
  };
}

/** The most expensive first; by day: in their order. At most 10,000 rows. */
export function readUsageTotals(
  pool: Pool,
  filter: Pick<UsageFilter, 'tenantId' | 'subjectId' | 'apiKeyId' | 'model' | 'costCentre'>,
  query: Pick<UsageTotalsQuery, 'by' | 'from' | 'to'>,
): Promise<UsageTotal[]> {
  return inTenantTransaction(pool, filter.tenantId, async (client) => {
    const groups = query.by.map((dimension) => GROUPS[dimension]);
    const { rows } = await client.query<Row>(
      `SELECT ${[...query.by.map((dimension) => COLUMNS[dimension]), ''].join(', ')}
         coalesce(sum(requests), 0)::bigint AS requests, coalesce(sum(input_tokens), 0)::bigint AS input_tokens,
         coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
         coalesce(sum(charge_nano_eur), 0)::bigint AS charge, coalesce(sum(cost_nano_eur), 0)::bigint AS cost
       FROM usage_totals
       WHERE tenant_id = $1 AND ($2::text IS NULL OR subject_id = $2) AND ($3::text IS NULL OR api_key_id = $3)
         AND ($4::text IS NULL OR model = $4) AND ($5::text IS NULL OR cost_centre = $5)
         AND ($6::date IS NULL OR day >= $6) AND ($7::date IS NULL OR day < $7)
       ${groups.length > 0 ? `GROUP BY ${groups.join(', ')} HAVING sum(requests) <> 0 OR sum(charge_nano_eur) <> 0` : ''}
       ORDER BY ${query.by.includes('day') ? 'usage_totals.day, ' : ''} charge DESC LIMIT ${TOTALS_MAX}`,
      [
        filter.tenantId,
        filter.subjectId,
        filter.apiKeyId,
        filter.model ?? null,
        filter.costCentre ?? null,
        query.from ?? null,
        query.to ?? null,
      ],
    );
    return rows.map(toTotal);
  });
}
