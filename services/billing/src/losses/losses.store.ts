/** The tenant's loss account: its rows in the log, and its sums. */
import { formatEur, type Loss, type LossMonth, METERS, type ServiceTier } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import type { UsageFilter } from '../usage/usage.store.ts';

const MONTHS_MAX = 24;

type Row = Record<(typeof METERS)[number], bigint | null> &
  Pick<Loss, 'model' | 'provider' | 'deployment' | 'region' | 'simulated' | 'reason' | 'attempt'> & {
    settled_at: Date;
    reservation_id: string;
    request_id: string;
    subject_id: string;
    upstream_model: string;
    basis: 'exact' | 'estimated';
    service_tier: ServiceTier | null;
    cost_nano_eur: bigint;
    total_ms: number;
  };

function toLoss(row: Row): Loss {
  const known = METERS.flatMap((meter) => (row[meter] === null ? [] : [[meter, Number(row[meter])] as const]));
  const { model, provider, deployment, region, simulated, reason, attempt, basis } = row;
  return {
    reservationId: row.reservation_id,
    requestId: row.request_id,
    attempt,
    at: row.settled_at.toISOString(),
    subjectId: row.subject_id,
    ...{ model, provider, deployment, region, simulated, reason },
    upstreamModel: row.upstream_model,
    usage: { basis, meters: Object.fromEntries(known), ...(row.service_tier && { serviceTier: row.service_tier }) },
    cost: formatEur(row.cost_nano_eur),
    totalMs: row.total_ms,
  };
}

export type LossFilter = Pick<UsageFilter, 'tenantId' | 'from' | 'to' | 'before' | 'limit'>;

const READ_ROWS = `
  SELECT u.settled_at, u.reservation_id, u.request_id, u.attempt, u.subject_id, u.model, u.provider, u.upstream_model,
    u.deployment, u.region, u.simulated, u.basis, ${METERS.map((meter) => `u.${meter}`).join(', ')}, u.service_tier,
    u.cost_nano_eur, u.total_ms, e.reason
  FROM usage_records u
  JOIN entries e ON e.tenant_id = u.tenant_id AND e.reservation_id = u.reservation_id AND e.kind = 'loss'
  WHERE u.tenant_id = $1 AND u.outcome = 'lost'
    AND ($2::timestamptz IS NULL OR u.settled_at >= $2) AND ($3::timestamptz IS NULL OR u.settled_at < $3)
    AND ($4::timestamptz IS NULL OR (u.settled_at, u.reservation_id) < ($4::timestamptz, $5::uuid))
  ORDER BY u.settled_at DESC, u.reservation_id DESC LIMIT $6`;
const READ_MONTHS = `
  SELECT b.period_start, b.posted_nano_eur, count(*) AS attempts
  FROM budget_balances b JOIN entries e USING (tenant_id, level, owner_id, period_start)
  WHERE b.tenant_id = $1 AND b.level = 'loss' AND b.owner_id = $1
  GROUP BY 1, 2 ORDER BY 1 DESC LIMIT $2`;

/** Rows newest first, and the sums of the last months, of one moment. */
export function readLosses(pool: Pool, filter: LossFilter): Promise<{ rows: Loss[]; months: LossMonth[] }> {
  const { tenantId, from, to, before, limit } = filter;
  return inTenantTransaction(pool, tenantId, async (client) => {
    const place = [before?.settledAt ?? null, before?.reservationId ?? null];
    const { rows } = await client.query<Row>(READ_ROWS, [tenantId, from ?? null, to ?? null, ...place, limit]);
    const months = await client.query<{ period_start: Date; posted_nano_eur: bigint; attempts: bigint }>(READ_MONTHS, [
      tenantId,
      MONTHS_MAX,
    ]);
    return {
      rows: rows.map(toLoss),
      months: months.rows.map((row) => ({
        start: row.period_start.toISOString(),
        attempts: Number(row.attempts),
        cost: formatEur(row.posted_nano_eur),
      })),
    };
  });
}
