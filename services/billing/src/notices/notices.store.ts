/** The queue of what people and their systems are told. Claimed by time; another replica may take it when a claim ends. */
import { randomUUID } from 'node:crypto';
import type { MailRequest } from '@cloudfreedom/contracts';
import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import { insertShape, writeRows } from '../database/insert-rows.ts';

export type NoticeContent =
  | { kind: 'mail'; content: Pick<MailRequest, 'subjectId' | 'template' | 'values'> }
  | { kind: 'webhook'; content: { event: string; data: Record<string, unknown> } };
export type Notice = NoticeContent & { id: string; tenantId: string; attempts: number; queuedAt: Date };

const SHAPE = insertShape('notices', { id: 'uuid', tenant_id: 'text', kind: 'text', content: 'jsonb' });

/** In the transaction that they are about: told if and only if it happens. */
export async function queueNotices(client: PoolClient, tenantId: string, notices: NoticeContent[]): Promise<void> {
  const rows = notices.map(({ kind, content }) => ({ id: randomUUID(), tenant_id: tenantId, kind, content }));
  await writeRows(client, 'queue-notices', SHAPE, rows);
}

export function claimNotices(pool: Pool, limit: number, claimMs: number): Promise<Notice[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{
      id: string;
      tenant_id: string;
      kind: 'mail';
      content: Extract<NoticeContent, { kind: 'mail' }>['content'];
      attempts: number;
      queued_at: Date;
    }>(
      `UPDATE notices SET claimable_at = now() + make_interval(secs => $2::float8 / 1000), attempts = attempts + 1
       WHERE id = ANY (ARRAY(SELECT id FROM notices WHERE claimable_at <= now()
         ORDER BY claimable_at LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING id, tenant_id, kind, content, attempts, queued_at`,
      [limit, claimMs],
    );
    return rows.map(({ id, kind, content, attempts, tenant_id: tenantId, queued_at: queuedAt }) => ({
      id,
      kind,
      content,
      attempts,
      tenantId,
      queuedAt,
    }));
  });
}

export async function removeNotice(pool: Pool, { tenantId, id }: Pick<Notice, 'tenantId' | 'id'>): Promise<void> {
  await pool.query('DELETE FROM notices WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
}

/** To be claimed again after a while. */
export async function postponeNotice(
  pool: Pool,
  { tenantId, id }: Pick<Notice, 'tenantId' | 'id'>,
  afterMs: number,
): Promise<void> {
  await pool.query(
    `UPDATE notices SET claimable_at = now() + make_interval(secs => $3::float8 / 1000) WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id, afterMs],
  );
}
