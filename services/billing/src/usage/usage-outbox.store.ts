/** Rows of the usage log on their way to PocketBase, and the log's partitions. */
import { formatEur, type UsageRow } from '@cloudfreedom/contracts';
import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import { COLUMNS, type Row, toUsageRow } from './usage.store.ts';

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

/**
 * The rows of `keysOf`, each found by itself through the key's index: asked for together, Postgres would read a table whole
 * that has no statistics yet, for each batch, and hold up the ledger meanwhile.
 */
const keyed = (table: string, columns: string) => `
  FROM unnest($1::text[], $2::timestamptz[], $3::uuid[]) AS key (tenant_id, settled_at, reservation_id)
  CROSS JOIN LATERAL (SELECT ${columns} FROM ${table} AS kept WHERE kept.tenant_id = key.tenant_id
    AND kept.settled_at = key.settled_at AND kept.reservation_id = key.reservation_id LIMIT 1) AS found`;
const KEYED_IN_OUTBOX = `ctid = ANY (ARRAY(SELECT found.at ${keyed('usage_outbox', 'kept.ctid AS at')}))`;

async function readRows(client: PoolClient, keys: ClaimedRow[]): Promise<Row[]> {
  if (keys.length === 0) return [];
  const text = `SELECT found.* ${keyed('usage_records', COLUMNS)}`;
  return (await client.query<Row>({ name: 'read-usage-by-key', text, values: keysOf(keys) })).rows;
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
  await pool.query(`DELETE FROM usage_outbox WHERE ${KEYED_IN_OUTBOX}`, keysOf(delivered));
}

/** Let rows be claimed again after a while. */
export async function putBack(pool: Pool, rows: ClaimedRow[], afterMs: number): Promise<void> {
  await pool.query(
    `UPDATE usage_outbox SET claimable_at = now() + make_interval(secs => $4::float8 / 1000) WHERE ${KEYED_IN_OUTBOX}`,
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
