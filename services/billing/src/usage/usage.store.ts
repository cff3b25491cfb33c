/** The usage log in Postgres, and the queue of rows on their way to PocketBase. */
import {
  formatEur,
  METERS,
  type MeterCounts,
  type ModelProvider,
  type Outcome,
  type Region,
  type ServiceTier,
  type UsageRow,
} from '@cloudfreedom/contracts';
import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';

const COLUMNS = `settled_at, reservation_id, request_id, tenant_id, subject_id, api_key_id, model, provider, upstream_model,
  deployment, region, simulated, basis, ${METERS.join(', ')}, service_tier, charge_nano_eur, cost_nano_eur, outcome,
  streamed, finish_reason, first_byte_ms, total_ms,
  corrects_settled_at`;

type Row = Record<(typeof METERS)[number], bigint | null> & {
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
  finish_reason: string | null;
  first_byte_ms: number | null;
  total_ms: number;
  corrects_settled_at: Date | null;
};

function toUsageRow(row: Row): UsageRow {
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
    finishReason: row.finish_reason,
    firstByteMs: row.first_byte_ms,
    totalMs: row.total_ms,
  };
}

export interface UsageFilter {
  tenantId: string;
  /** null: everybody's. */
  subjectId: string | null;
  apiKeyId: string | null;
  model?: string | undefined;
  costCentre?: string | undefined;
  /** Settled at or after it, and before the other. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Rows older than this one. */
  before: { settledAt: Date; reservationId: string } | null;
  limit: number;
}

/** Newest first: one row for each reservation that was charged, the one that is true now. Losses have a list of their own. */
export function readUsage(pool: Pool, filter: UsageFilter): Promise<UsageRow[]> {
  return inTenantTransaction(pool, filter.tenantId, async (client) => {
    const values: unknown[] = [filter.tenantId, filter.limit];
    const conditions = ['tenant_id = $1', 'superseded_at IS NULL', `outcome <> 'lost'`];
    const add = (condition: (place: string) => string, value: unknown) =>
      conditions.push(condition(`$${values.push(value)}`));
    if (filter.subjectId !== null) add((place) => `subject_id = ${place}`, filter.subjectId);
    if (filter.apiKeyId !== null) add((place) => `api_key_id = ${place}`, filter.apiKeyId);
    if (filter.model !== undefined) add((place) => `model = ${place}`, filter.model);
    if (filter.costCentre !== undefined) add((place) => `cost_centre = ${place}`, filter.costCentre);
    if (filter.from) add((place) => `settled_at >= ${place}`, filter.from);
    if (filter.to) add((place) => `settled_at < ${place}`, filter.to);
    if (filter.before) {
      const at = `$${values.push(filter.before.settledAt)}`;
      add(
        (place) => `(settled_at, reservation_id) < (${at}::timestamptz, ${place}::uuid)`,
        filter.before.reservationId,
      );
    }
    const { rows } = await client.query<Row>(
      `SELECT ${COLUMNS} FROM usage_records WHERE ${conditions.join(' AND ')}
       ORDER BY settled_at DESC, reservation_id DESC LIMIT $2`,
      values,
    );
    return rows.map(toUsageRow);
  });
}

export interface ClaimedRow {
  tenantId: string;
  settledAt: Date;
  reservationId: string;
}

/** Take rows for delivery; should this process die, others may take them after `claimMs`. */
export function claimUsage(pool: Pool, limit: number, claimMs: number): Promise<ClaimedRow[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{
      tenant_id: string;
      settled_at: Date;
      reservation_id: string;
    }>(
      `UPDATE usage_outbox SET claimable_at = now() + make_interval(secs => $2::float8 / 1000), attempts = attempts + 1
       WHERE ctid = ANY (ARRAY(SELECT ctid FROM usage_outbox WHERE claimable_at <= now()
         ORDER BY claimable_at LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING tenant_id, settled_at, reservation_id`,
      [limit, claimMs],
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      settledAt: row.settled_at,
      reservationId: row.reservation_id,
    }));
  });
}

function keysOf(rows: ClaimedRow[]) {
  return [
    rows.map(({ tenantId }) => tenantId),
    rows.map(({ settledAt }) => settledAt),
    rows.map(({ reservationId }) => reservationId),
  ];
}

/** The rows of `keysOf`; the first condition leads to the key's index, the second keeps to whole keys. */
const KEYED = `tenant_id = ANY ($1::text[]) AND settled_at = ANY ($2::timestamptz[]) AND reservation_id = ANY ($3::uuid[])
  AND (tenant_id, settled_at, reservation_id) IN (SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::uuid[]))`;

async function readRows(client: PoolClient, keys: ClaimedRow[]): Promise<Row[]> {
  if (keys.length === 0) return [];
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM usage_records WHERE ${KEYED}`, keysOf(keys));
  return rows;
}

/** A correction as a row of its own, which readers add to the row that they have. It repeats no units. */
function toCorrectionRow(row: Row, corrected: Row): UsageRow {
  return {
    ...toUsageRow(row),
    usage: { basis: row.basis, meters: {} },
    charge: formatEur(row.charge_nano_eur - corrected.charge_nano_eur),
    cost: formatEur(row.cost_nano_eur - corrected.cost_nano_eur),
    outcome: 'corrected',
  };
}

async function readRelayed(client: PoolClient, tenantId: string, claimed: ClaimedRow[]): Promise<UsageRow[]> {
  const rows = await readRows(client, claimed);
  const keys = rows.flatMap(({ corrects_settled_at: settledAt, reservation_id: reservationId }) =>
    settledAt ? { tenantId, settledAt, reservationId } : [],
  );
  const nameOf = (reservationId: string, at: Date) => `${reservationId} ${at.getTime()}`;
  const found = await readRows(client, keys);
  const corrected = new Map(found.map((row) => [nameOf(row.reservation_id, row.settled_at), row]));
  return rows.map((row) => {
    if (!row.corrects_settled_at) return toUsageRow(row);
    const before = corrected.get(nameOf(row.reservation_id, row.corrects_settled_at));
    if (!before) throw new Error('the usage row that a correction belongs to is missing');
    return toCorrectionRow(row, before);
  });
}

/** The content of claimed rows. One that was superseded meanwhile is sent all the same: its correction counts from it. */
export async function readClaimedUsage(pool: Pool, claimed: ClaimedRow[]): Promise<UsageRow[]> {
  const found: UsageRow[] = [];
  for (const [tenantId, rows] of Map.groupBy(claimed, (row) => row.tenantId)) {
    found.push(...(await inTenantTransaction(pool, tenantId, (client) => readRelayed(client, tenantId, rows))));
  }
  return found;
}

export async function removeDelivered(pool: Pool, delivered: ClaimedRow[]): Promise<void> {
  await pool.query(`DELETE FROM usage_outbox WHERE ${KEYED}`, keysOf(delivered));
}

/** Let rows be claimed again after a while. */
export async function putBack(pool: Pool, rows: ClaimedRow[], afterMs: number): Promise<void> {
  await pool.query(
    `UPDATE usage_outbox SET claimable_at = now() + make_interval(secs => $4::float8 / 1000) WHERE ${KEYED}`,
    [...keysOf(rows), afterMs],
  );
}

export async function readBacklog(pool: Pool): Promise<{ rowsWaiting: number; lagSeconds: number }> {
  const { rows } = await pool.query<{ waiting: bigint; lag: number }>(
    'SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float8 AS lag FROM usage_outbox',
  );
  return { rowsWaiting: Number(rows[0]?.waiting ?? 0), lagSeconds: rows[0]?.lag ?? 0 };
}

/** Partitions of this month and the next, so that none is missing when a month begins. */
export async function ensureUsagePartitions(pool: Pool): Promise<void> {
  await pool.query(`SELECT ensure_usage_partition(now()), ensure_usage_partition(now() + interval '1 month')`);
}
