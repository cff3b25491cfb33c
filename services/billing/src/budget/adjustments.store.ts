/** Top-ups, corrections and what was carried over: entries beside requests, each written with its balance in one turn. */
import { type Adjustment, formatEur, parseEur } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTransaction, inTenantTurn } from '../database/tenant-transaction.ts';
import { type DirectoryRows, readDirectory } from '../directory/directory.store.ts';
import { lockBalances, openPeriod } from '../ledger/balances.store.ts';
import type { Balance, Period } from '../ledger/reservation.ts';

export interface NewAdjustment {
  id: string;
  kind: Adjustment['kind'];
  level: 'tenant' | 'user';
  ownerId: string;
  amountNanoEur: bigint;
  reason: string;
  author: string;
}

interface EntryRow {
  adjustment_id: string;
  kind: Adjustment['kind'];
  level: 'tenant' | 'user';
  owner_id: string;
  amount_nano_eur: bigint;
  reason: string;
  author: string;
  created_at: Date;
  period_start: Date;
}
const COLUMNS = 'adjustment_id, kind, level, owner_id, amount_nano_eur, reason, author, created_at, period_start';

function toAdjustment(row: EntryRow): Adjustment {
  return {
    id: row.adjustment_id,
    kind: row.kind,
    level: row.level,
    ownerId: row.owner_id,
    amount: formatEur(row.amount_nano_eur),
    reason: row.reason,
    author: row.author,
    at: row.created_at.toISOString(),
    periodStart: row.period_start.toISOString(),
  };
}

export interface AdjustmentTurn {
  client: PoolClient;
  tenantId: string;
  now: Date;
  period: Period;
  /** Of the owner, where it is a person. */
  directory: DirectoryRows;
  tenant: Balance;
  owner: Balance;
}

function isSame(earlier: Adjustment, wanted: NewAdjustment): boolean {
  return (
    earlier.kind === wanted.kind &&
    earlier.level === wanted.level &&
    earlier.ownerId === wanted.ownerId &&
    parseEur(earlier.amount) === wanted.amountNanoEur &&
    earlier.reason === wanted.reason
  );
}

async function findAdjustment(client: PoolClient, tenantId: string, id: string): Promise<Adjustment | undefined> {
  const { rows } = await client.query<EntryRow>(
    `SELECT ${COLUMNS} FROM entries WHERE tenant_id = $1 AND adjustment_id = $2`,
    [tenantId, id],
  );
  return rows[0] && toAdjustment(rows[0]);
}

/** The entry and its balance together: allowances for top-ups and what was carried over, else what was spent. */
async function writeAdjustment(
  client: PoolClient,
  tenantId: string,
  at: { now: Date; periodStart: Date },
  wanted: NewAdjustment,
): Promise<Adjustment> {
  const { level, ownerId, amountNanoEur } = wanted;
  const key = [tenantId, level, ownerId, at.periodStart];
  const column = wanted.kind === 'correction' ? 'posted_nano_eur' : 'allowance_nano_eur';
  await client.query(
    `UPDATE budget_balances SET ${column} = ${column} + $5
     WHERE tenant_id = $1 AND level = $2 AND owner_id = $3 AND period_start = $4`,
    [...key, amountNanoEur.toString()],
  );
  const { rows } = await client.query<EntryRow>(
    `INSERT INTO entries (tenant_id, level, owner_id, period_start, amount_nano_eur, adjustment_id, kind, reason, author,
       created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${COLUMNS}`,
    [...key, amountNanoEur.toString(), wanted.id, wanted.kind, wanted.reason, wanted.author, at.now],
  );
  if (!rows[0]) throw new Error('the adjustment was not written');
  return toAdjustment(rows[0]);
}

/**
 * Write an adjustment of this month in the tenant's turn, once.
 * @param check throws what stands against it, from the locked balances
 * @param also done in the same transaction, after it
 * @returns `conflict` where the id was used with other content
 */
export function postAdjustment(
  pool: Pool,
  tenantId: string,
  wanted: NewAdjustment,
  check: (turn: AdjustmentTurn) => void,
  also: (turn: AdjustmentTurn) => Promise<void>,
): Promise<Adjustment | 'conflict'> {
  return inTenantTurn(pool, tenantId, async ({ client, begin }) => {
    await begin();
    const earlier = await findAdjustment(client, tenantId, wanted.id);
    if (earlier) return isSame(earlier, wanted) ? earlier : 'conflict';
    const { now, period } = await openPeriod(client, tenantId);
    const userIds = wanted.level === 'user' ? [wanted.ownerId] : [];
    const directory = await readDirectory(client, { tenantId, keyHashes: [], keyIds: [], userIds, modelNames: [] });
    const names = [
      { level: 'tenant' as const, ownerId: tenantId, periodStart: period.start },
      ...userIds.map((ownerId) => ({ level: 'user' as const, ownerId, periodStart: period.start })),
    ];
    const balances = await lockBalances(client, tenantId, directory, names);
    const [tenant, owner = tenant] = balances;
    if (!tenant || !owner) throw new Error('the balances to adjust were not opened');
    const turn = { client, tenantId, now, period, directory, tenant, owner };
    check(turn);
    const written = await writeAdjustment(client, tenantId, { now, periodStart: period.start }, wanted);
    await also(turn);
    return written;
  });
}

const SHOWN_MAX = 500;

/** Newest first, at most 500. */
export function readAdjustments(pool: Pool, tenantId: string, ownerId: string | null): Promise<Adjustment[]> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<EntryRow>(
      `SELECT ${COLUMNS} FROM entries WHERE tenant_id = $1 AND adjustment_id IS NOT NULL AND ($2::text IS NULL OR owner_id = $2)
       ORDER BY created_at DESC, id DESC LIMIT ${SHOWN_MAX}`,
      [tenantId, ownerId],
    );
    return rows.map(toAdjustment);
  });
}
