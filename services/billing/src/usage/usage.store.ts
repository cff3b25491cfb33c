/** The usage log in Postgres: its rows, and what narrows them down. */
import {
  type FailedAttempt,
  formatEur,
  type LoggedUsage,
  METERS,
  type MeterCounts,
  type ModelProvider,
  type Outcome,
  type Region,
  type ServiceTier,
  type UsageRow,
  type UsageRowFilter,
  type UsageTask,
} from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';

export const COLUMNS = `settled_at, reservation_id, request_id, tenant_id, subject_id, api_key_id, model, provider, upstream_model,
  deployment, region, simulated, basis, ${METERS.join(', ')}, service_tier, charge_nano_eur, cost_nano_eur, outcome,
  streamed, task, finish_reason, first_byte_ms, total_ms,
  corrects_settled_at, cost_centre, product_id, error_kind, upstream_request_id, waited_ms, failed_attempts`;

export type Row = Record<(typeof METERS)[number], bigint | null> & {
  settled_at: Date;
  reservation_id: string;
  request_id: string;
  tenant_id: string;
  subject_id: string;
  api_key_id: string | null;
  model: string;
  provider: ModelProvider;
  upstream_model: string;
  deployment: string | null;
  region: Region | null;
  simulated: boolean;
  basis: 'exact' | 'estimated';
  service_tier: ServiceTier | null;
  charge_nano_eur: bigint;
  cost_nano_eur: bigint;
  outcome: Outcome;
  streamed: boolean;
  task: UsageTask | null;
  finish_reason: string | null;
  first_byte_ms: number | null;
  total_ms: number;
  corrects_settled_at: Date | null;
  cost_centre: string;
  product_id: string | null;
  error_kind: string | null;
  upstream_request_id: string | null;
  waited_ms: number | null;
  failed_attempts: FailedAttempt[] | null;
};

export function toUsageRow(row: Row): UsageRow {
  const meters: MeterCounts = {};
  for (const meter of METERS) if (row[meter] !== null) meters[meter] = Number(row[meter]);
  return {
    reservationId: row.reservation_id,
    requestId: row.request_id,
    at: row.settled_at.toISOString(),
    tenantId: row.tenant_id,
    subjectId: row.subject_id,
    apiKeyId: row.api_key_id,
    model: row.model,
    provider: row.provider,
    upstreamModel: row.upstream_model,
    deployment: row.deployment,
    region: row.region,
    simulated: row.simulated,
    usage: { basis: row.basis, meters, ...(row.service_tier && { serviceTier: row.service_tier }) },
    charge: formatEur(row.charge_nano_eur),
    cost: formatEur(row.cost_nano_eur),
    outcome: row.outcome,
    streamed: row.streamed,
    ...(row.task !== null && { task: row.task }),
    finishReason: row.finish_reason,
    firstByteMs: row.first_byte_ms,
    totalMs: row.total_ms,
  };
}

export const toLoggedUsage = (row: Row): LoggedUsage => ({
  ...toUsageRow(row),
  costCentre: row.cost_centre,
  productId: row.product_id,
  errorKind: row.error_kind,
  upstreamRequestId: row.upstream_request_id,
  waitedMs: row.waited_ms,
  failedAttempts: row.failed_attempts ?? [],
});

export interface UsageFilter extends Omit<UsageRowFilter, 'subjectId' | 'apiKeyId' | 'from' | 'to'> {
  tenantId: string;
  /** null: everybody's. */
  subjectId: string | null;
  apiKeyId: string | null;
  /** Settled at or after it, and before the other. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Rows older than this one. */
  before: { settledAt: Date; reservationId: string } | null;
  limit: number;
}
/** Which rows, without a place in them. */
export type UsageSelection = Omit<UsageFilter, 'before' | 'limit'>;

/** What a filter's field is compared with. */
const EQUAL = {
  subjectId: 'subject_id',
  apiKeyId: 'api_key_id',
  productId: 'product_id',
  model: 'model',
  provider: 'provider',
  deployment: 'deployment',
  region: 'region',
  costCentre: 'cost_centre',
  outcome: 'outcome',
  errorKind: 'error_kind',
  basis: 'basis',
  requestId: 'request_id',
} as const satisfies Partial<Record<keyof UsageSelection, string>>;

/** True of rows that lack something. */
const LACKS = {
  apiKey: 'api_key_id IS NULL',
  product: 'product_id IS NULL',
  costCentre: "cost_centre = ''",
} as const satisfies Record<NonNullable<UsageSelection['without']>, string>;

/** Conditions on a tenant's rows that count, beside the one that names the tenant. @param values gets what they name */
export function conditionsOf(selection: UsageSelection, values: unknown[]): string[] {
  const conditions = ['superseded_at IS NULL', `outcome <> 'lost'`];
  for (const [field, column] of Object.entries(EQUAL) as [keyof typeof EQUAL, string][]) {
    const value = selection[field];
    if (value !== undefined && value !== null) conditions.push(`${column} = $${values.push(value)}`);
  }
  if (selection.without) conditions.push(LACKS[selection.without]);
  if (selection.from) conditions.push(`settled_at >= $${values.push(selection.from)}`);
  if (selection.to) conditions.push(`settled_at < $${values.push(selection.to)}`);
  return conditions;
}

/** Newest first: one row for each reservation that was charged, the one that is true now. Losses have a list of their own. */
export function readUsage(pool: Pool, filter: UsageFilter): Promise<LoggedUsage[]> {
  return inTenantTransaction(pool, filter.tenantId, async (client) => {
    const values: unknown[] = [filter.tenantId, filter.limit];
    const conditions = conditionsOf(filter, values);
    if (filter.before) {
      const at = `$${values.push(filter.before.settledAt)}::timestamptz`;
      const id = `$${values.push(filter.before.reservationId)}::uuid`;
      conditions.push(`(settled_at, reservation_id) < (${at}, ${id})`);
    }
    const { rows } = await client.query<Row>(
      `SELECT ${COLUMNS} FROM usage_records WHERE tenant_id = $1 AND ${conditions.join(' AND ')}
       ORDER BY settled_at DESC, reservation_id DESC LIMIT $2`,
      values,
    );
    return rows.map(toLoggedUsage);
  });
}
