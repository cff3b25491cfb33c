/** Sums over rows of the usage log that a filter leaves. */
import { formatEur, INPUT_METERS, type Meter, OUTPUT_METERS, type UsageSum } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import { conditionsOf, type UsageSelection } from './usage.store.ts';

const unitsOf = (meters: readonly Meter[]) => meters.map((meter) => `coalesce(${meter}, 0)`).join(' + ');
const SUMS = `count(*) AS requests, coalesce(sum(${unitsOf(INPUT_METERS)}), 0)::bigint AS input_tokens,
  coalesce(sum(${unitsOf(OUTPUT_METERS)}), 0)::bigint AS output_tokens,
  coalesce(sum(charge_nano_eur), 0)::bigint AS charge, coalesce(sum(cost_nano_eur), 0)::bigint AS cost`;

export function readUsageSum(pool: Pool, selection: UsageSelection): Promise<UsageSum> {
  return inTenantTransaction(pool, selection.tenantId, async (client) => {
    const values: unknown[] = [selection.tenantId];
    const conditions = conditionsOf(selection, values);
    const { rows } = await client.query<
      Record<'requests' | 'input_tokens' | 'output_tokens' | 'charge' | 'cost', bigint>
    >(`SELECT ${SUMS} FROM usage_records WHERE tenant_id = $1 AND ${conditions.join(' AND ')}`, values);
    const [row] = rows;
    return {
      requests: Number(row?.requests ?? 0),
      inputTokens: Number(row?.input_tokens ?? 0),
      outputTokens: Number(row?.output_tokens ?? 0),
      charge: formatEur(row?.charge ?? 0n),
      cost: formatEur(row?.cost ?? 0n),
    };
  });
}
