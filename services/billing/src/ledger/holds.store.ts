/** Open holds as people and the sweeper ask for them. */
import { formatEur } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import type { BudgetBlock } from './draft.ts';

const OPEN_HOLDS_SHOWN = 20;

/** The open holds of a person, newest first: nobody sees the requests of others, at the tenant's level neither. */
export async function readOpenHolds(client: PoolClient, tenantId: string, subjectId: string, apiKeyId: string | null) {
  const { rows } = await client.query<{ request_id: string; model: string; opened_at: Date; hold_nano_eur: bigint }>({
    name: 'read-open-holds',
    text: `SELECT request_id, model, opened_at, hold_nano_eur FROM reservations
      WHERE tenant_id = $1 AND subject_id = $2 AND state = 'open' AND ($3::text IS NULL OR api_key_id = $3)
      ORDER BY opened_at DESC, id LIMIT ${OPEN_HOLDS_SHOWN}`,
    values: [tenantId, subjectId, apiKeyId],
  });
  return rows.map((row) => ({
    requestId: row.request_id,
    model: row.model,
    since: row.opened_at.toISOString(),
    amount: formatEur(row.hold_nano_eur),
  }));
}

/** Whose open holds keep money back in a tenant, the most first. */
export async function readHolders(client: PoolClient, tenantId: string) {
  const { rows } = await client.query<{ subject_id: string; requests: bigint; held: bigint }>({
    name: 'read-holders',
    text: `SELECT subject_id, count(*) AS requests, sum(hold_nano_eur)::bigint AS held FROM reservations
      WHERE tenant_id = $1 AND state = 'open' GROUP BY subject_id
      ORDER BY held DESC, subject_id LIMIT ${OPEN_HOLDS_SHOWN}`,
    values: [tenantId],
  });
  return rows.map((row) => ({
    subjectId: row.subject_id,
    held: formatEur(row.held),
    requests: Number(row.requests),
  }));
}

/** When the first of the holds that stand at a level has to end; null: none is open. */
export async function readEarliestExpiry(
  client: PoolClient,
  tenantId: string,
  block: BudgetBlock,
): Promise<Date | null> {
  const { rows } = await client.query<{ expires_at: Date | null }>({
    name: 'read-earliest-expiry',
    text: `SELECT min(expires_at) AS expires_at FROM reservations
      WHERE tenant_id = $1 AND state = 'open' AND period_start = $2
        AND CASE $3 WHEN 'tenant' THEN true WHEN 'user' THEN subject_id = $4 ELSE api_key_id = $4 END`,
    values: [tenantId, block.periodStart, block.level, block.ownerId],
  });
  return rows[0]?.expires_at ?? null;
}

/** Holds that have outlived their time, of any tenant. */
export async function readExpiredHolds(
  pool: Pool,
  limit: number,
): Promise<{ tenantId: string; reservationId: string }[]> {
  const { rows } = await pool.query<{ tenant_id: string; reservation_id: string }>('SELECT * FROM expired_holds($1)', [
    limit,
  ]);
  return rows.map((row) => ({ tenantId: row.tenant_id, reservationId: row.reservation_id }));
}

/** Refusals are remembered long enough for a repeat of the same call, no longer. */
export async function forgetRefusals(pool: Pool, olderThanMs: number): Promise<void> {
  await pool.query(`SELECT forget_refusals(make_interval(secs => $1::float8 / 1000))`, [olderThanMs]);
}

/** Of all tenants. */
export async function countOpenHolds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ holds: bigint }>('SELECT count_open_holds() AS holds');
  return Number(rows[0]?.holds ?? 0);
}
