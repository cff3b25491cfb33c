/** What is kept of one person beside their usage rows. Every query names the tenant and the person. */
import { type BudgetRequest, type ExportedBudget, type ExportedEntry, formatEur } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { COLUMNS as REQUEST_COLUMNS, type Row as RequestRow, toRequest } from '../budget/budget-requests.store.ts';
import { inTenantTransaction } from '../database/tenant-transaction.ts';

export interface Whose {
  tenantId: string;
  subjectId: string;
}

/** The person's own balances and entries, and those of keys that they used. */
const OWNED = `tenant_id = $1 AND ((level = 'user' AND owner_id = $2) OR (level = 'api_key' AND owner_id IN
  (SELECT api_key_id FROM usage_totals WHERE tenant_id = $1 AND subject_id = $2)))`;
const PAGE_ROWS = 1_000;

export function readExportedBudgets(pool: Pool, { tenantId, subjectId }: Whose): Promise<ExportedBudget[]> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<{
      level: ExportedBudget['level'];
      owner_id: string;
      period_start: Date;
      posted_nano_eur: bigint;
      pending_nano_eur: bigint;
      allowance_nano_eur: bigint;
    }>(
      `SELECT level, owner_id, period_start, posted_nano_eur, pending_nano_eur, allowance_nano_eur FROM budget_balances
       WHERE ${OWNED} ORDER BY period_start, level, owner_id`,
      [tenantId, subjectId],
    );
    return rows.map((row) => ({
      level: row.level,
      ownerId: row.owner_id,
      periodStart: row.period_start.toISOString(),
      spent: formatEur(row.posted_nano_eur),
      held: formatEur(row.pending_nano_eur),
      allowance: formatEur(row.allowance_nano_eur),
    }));
  });
}

export function readExportedRequests(pool: Pool, { tenantId, subjectId }: Whose): Promise<BudgetRequest[]> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<RequestRow>(
      `SELECT ${REQUEST_COLUMNS} FROM budget_requests WHERE tenant_id = $1 AND subject_id = $2 ORDER BY created_at, id`,
      [tenantId, subjectId],
    );
    return rows.map(toRequest);
  });
}

export function readExportedAlerts(pool: Pool, { tenantId, subjectId }: Whose) {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<{ threshold_percent: number; period_start: Date; raised_at: Date }>(
      `SELECT threshold_percent, period_start, raised_at FROM alerts
       WHERE tenant_id = $1 AND level = 'user' AND owner_id = $2 ORDER BY raised_at, threshold_percent`,
      [tenantId, subjectId],
    );
    return rows.map((row) => ({
      thresholdPercent: row.threshold_percent,
      periodStart: row.period_start.toISOString(),
      at: row.raised_at.toISOString(),
    }));
  });
}

interface EntryRow {
  id: bigint;
  level: ExportedEntry['level'];
  owner_id: string;
  period_start: Date;
  kind: ExportedEntry['kind'];
  amount_nano_eur: bigint;
  reservation_id: string | null;
  adjustment_id: string | null;
  reason: string | null;
  author: string | null;
  created_at: Date;
}

const toEntry = (row: EntryRow): ExportedEntry => ({
  id: String(row.id),
  level: row.level,
  ownerId: row.owner_id,
  kind: row.kind,
  amount: formatEur(row.amount_nano_eur),
  reservationId: row.reservation_id,
  adjustmentId: row.adjustment_id,
  reason: row.reason,
  author: row.author,
  at: row.created_at.toISOString(),
  periodStart: row.period_start.toISOString(),
});

/** Oldest first, page by page. */
export async function* eachExportedEntry(pool: Pool, { tenantId, subjectId }: Whose): AsyncGenerator<ExportedEntry> {
  let after = '0';
  for (;;) {
    const rows = await inTenantTransaction(pool, tenantId, async (client) => {
      const found = await client.query<EntryRow>(
        `SELECT id, level, owner_id, period_start, kind, amount_nano_eur, reservation_id, adjustment_id, reason, author,
           created_at
         FROM entries WHERE ${OWNED} AND id > $3::bigint ORDER BY id LIMIT ${PAGE_ROWS}`,
        [tenantId, subjectId, after],
      );
      return found.rows;
    });
    yield* rows.map(toEntry);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = String(last.id);
  }
}
