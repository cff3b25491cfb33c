/** Requests for more, as rows. */
import { type BudgetRequest, formatEur } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';

export interface Row {
  id: string;
  subject_id: string;
  amount_nano_eur: bigint;
  reason: string;
  created_at: Date;
  state: BudgetRequest['state'];
  decided_at: Date | null;
  decided_by: string | null;
  granted_nano_eur: bigint | null;
  note: string | null;
}
export const COLUMNS = `id, subject_id, amount_nano_eur, reason, created_at, state, decided_at, decided_by,
  granted_nano_eur, note`;
const SHOWN_MAX = 200;

function decisionOf(row: Row): BudgetRequest['decision'] {
  if (row.decided_at === null || row.decided_by === null) return null;
  return {
    at: row.decided_at.toISOString(),
    by: row.decided_by,
    granted: row.granted_nano_eur === null ? null : formatEur(row.granted_nano_eur),
    note: row.note,
  };
}

export function toRequest(row: Row): BudgetRequest {
  return {
    id: row.id,
    subjectId: row.subject_id,
    amount: formatEur(row.amount_nano_eur),
    reason: row.reason,
    at: row.created_at.toISOString(),
    state: row.state,
    decision: decisionOf(row),
  };
}

/** @returns undefined where the person has an open one already */
export function insertRequest(
  pool: Pool,
  tenantId: string,
  wanted: { id: string; subjectId: string; amountNanoEur: bigint; reason: string },
  also: (client: PoolClient) => Promise<void>,
): Promise<BudgetRequest | undefined> {
  return inTenantTransaction(pool, tenantId, async (client, now) => {
    const { rows } = await client.query<Row>(
      `INSERT INTO budget_requests (tenant_id, id, subject_id, amount_nano_eur, reason, created_at, state)
       VALUES ($1, $2, $3, $4, $5, $6, 'pending') ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [tenantId, wanted.id, wanted.subjectId, wanted.amountNanoEur.toString(), wanted.reason, now],
    );
    if (!rows[0]) return undefined;
    await also(client);
    return toRequest(rows[0]);
  });
}

/** Newest first, at most 200. @param filter null: everybody's, in any state */
export function readRequests(
  pool: Pool,
  tenantId: string,
  filter: { subjectId: string | null; state: BudgetRequest['state'] | null },
): Promise<BudgetRequest[]> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<Row>(
      `SELECT ${COLUMNS} FROM budget_requests
       WHERE tenant_id = $1 AND ($2::text IS NULL OR subject_id = $2) AND ($3::text IS NULL OR state = $3)
       ORDER BY created_at DESC, id LIMIT ${SHOWN_MAX}`,
      [tenantId, filter.subjectId, filter.state],
    );
    return rows.map(toRequest);
  });
}

export function readRequest(pool: Pool, tenantId: string, id: string): Promise<BudgetRequest | undefined> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<Row>(
      `SELECT ${COLUMNS} FROM budget_requests WHERE tenant_id = $1 AND id = $2`,
      [tenantId, id],
    );
    return rows[0] && toRequest(rows[0]);
  });
}

export interface Decision {
  state: 'approved' | 'declined';
  by: string;
  grantedNanoEur: bigint | null;
  note: string | null;
}

/** Decide one that is open. @returns false where somebody else was first */
export async function decideRequest(
  client: PoolClient,
  tenantId: string,
  id: string,
  decision: Decision,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE budget_requests SET state = $3, decided_at = date_trunc('milliseconds', clock_timestamp()), decided_by = $4,
       granted_nano_eur = $5, note = $6
     WHERE tenant_id = $1 AND id = $2 AND state = 'pending'`,
    [tenantId, id, decision.state, decision.by, decision.grantedNanoEur?.toString() ?? null, decision.note],
  );
  return rowCount === 1;
}

export function decideRequestAlone(
  pool: Pool,
  tenantId: string,
  id: string,
  decision: Decision,
  also: (client: PoolClient) => Promise<void>,
): Promise<boolean> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const decided = await decideRequest(client, tenantId, id, decision);
    if (decided) await also(client);
    return decided;
  });
}
