/** Audit entries that PocketBase has not got yet. Claimed by time; another replica may take them when a claim ends. */
import type { MoneyAuditEntry } from '@cloudfreedom/contracts';
import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import { insertShape, writeRows } from '../database/insert-rows.ts';

const SHAPE = insertShape('audit_outbox', { id: 'uuid', entry: 'jsonb' });

/** In the transaction of the change that they tell of. */
export async function queueAudit(client: PoolClient, entries: MoneyAuditEntry[]): Promise<void> {
  await writeRows(
    client,
    'queue-audit',
    SHAPE,
    entries.map((entry) => ({ id: entry.id, entry })),
  );
}

export interface ClaimedEntry {
  entry: MoneyAuditEntry;
  attempts: number;
}

/** The oldest first. */
export function claimAudit(pool: Pool, limit: number, claimMs: number): Promise<ClaimedEntry[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<ClaimedEntry>(
      `WITH claimed AS (
         UPDATE audit_outbox SET claimable_at = now() + make_interval(secs => $2::float8 / 1000), attempts = attempts + 1
         WHERE id = ANY (ARRAY(SELECT id FROM audit_outbox WHERE claimable_at <= now()
           ORDER BY queued_at, id LIMIT $1 FOR UPDATE SKIP LOCKED))
         RETURNING entry, attempts, queued_at, id
       )
       SELECT entry, attempts FROM claimed ORDER BY queued_at, id`,
      [limit, claimMs],
    );
    return rows;
  });
}

export async function removeAudit(pool: Pool, ids: string[]): Promise<void> {
  await pool.query('DELETE FROM audit_outbox WHERE id = ANY ($1::uuid[])', [ids]);
}

/** To be claimed again after a while. */
export async function postponeAudit(pool: Pool, ids: string[], afterMs: number): Promise<void> {
  await pool.query(
    `UPDATE audit_outbox SET claimable_at = now() + make_interval(secs => $2::float8 / 1000) WHERE id = ANY ($1::uuid[])`,
    [ids, afterMs],
  );
}

export async function countAudit(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ entries: bigint }>('SELECT count(*) AS entries FROM audit_outbox');
  return Number(rows[0]?.entries ?? 0);
}
