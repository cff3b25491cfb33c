/** Balances as they stand, for reading. */
import type { BudgetLevelName, ProductRecord, TenantRecord, UserRecord } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import { type DirectoryRows, readDirectory, readTenantPeople } from '../directory/directory.store.ts';
import { readHolders, readOpenHolds } from '../ledger/holds.store.ts';
import type { Period } from '../ledger/reservation.ts';

interface Balance {
  level: BudgetLevelName;
  ownerId: string;
  postedNanoEur: bigint;
  pendingNanoEur: bigint;
  allowanceNanoEur: bigint;
}

async function readPeriod(client: PoolClient, tenantId: string, now: Date): Promise<Period> {
  const { rows } = await client.query<{ period_start: Date; period_end: Date; time_zone: string }>(
    'SELECT period_start, period_end, time_zone FROM budget_period_at($1, $2)',
    [tenantId, now],
  );
  const [row] = rows;
  if (!row) throw new Error('Postgres gave no budget period');
  return { start: row.period_start, end: row.period_end, timeZone: row.time_zone };
}

/** @param ownerIds null: those of the tenant and of every person */
async function readBalances(
  client: PoolClient,
  tenantId: string,
  period: Period,
  ownerIds: string[] | null,
): Promise<Balance[]> {
  const { rows } = await client.query<{
    level: BudgetLevelName;
    owner_id: string;
    posted_nano_eur: bigint;
    pending_nano_eur: bigint;
    allowance_nano_eur: bigint;
  }>(
    `SELECT level, owner_id, posted_nano_eur, pending_nano_eur, allowance_nano_eur FROM budget_balances
     WHERE tenant_id = $1 AND period_start = $2 AND level = ANY ($3::text[])
       AND ($4::text[] IS NULL OR owner_id = ANY ($4::text[]))`,
    [tenantId, period.start, ownerIds ? ['tenant', 'user', 'api_key'] : ['tenant', 'user'], ownerIds],
  );
  return rows.map((row) => ({
    level: row.level,
    ownerId: row.owner_id,
    postedNanoEur: row.posted_nano_eur,
    pendingNanoEur: row.pending_nano_eur,
    allowanceNanoEur: row.allowance_nano_eur,
  }));
}

export interface BudgetView {
  period: Period;
  directory: DirectoryRows;
  balances: Balance[];
  openHolds: Awaited<ReturnType<typeof readOpenHolds>>;
}

/** All that stands on the levels of one person (and one key), of one moment. Nothing is opened by looking. */
export function readBudgetView(
  pool: Pool,
  payer: { tenantId: string; subjectId: string; apiKeyId: string | null },
): Promise<BudgetView> {
  const { tenantId, subjectId, apiKeyId } = payer;
  const keyIds = apiKeyId === null ? [] : [apiKeyId];
  return inTenantTransaction(pool, tenantId, async (client, now) => {
    const period = await readPeriod(client, tenantId, now);
    const directory = await readDirectory(client, {
      tenantId,
      keyHashes: [],
      keyIds,
      userIds: [subjectId],
      modelNames: [],
    });
    const balances = await readBalances(client, tenantId, period, [tenantId, subjectId, ...keyIds]);
    const openHolds = await readOpenHolds(client, tenantId, subjectId, null);
    return { period, directory, balances, openHolds };
  });
}

export interface TenantBudgetView {
  period: Period;
  tenant: TenantRecord | null;
  users: UserRecord[];
  products: ProductRecord[];
  balances: Balance[];
  holders: Awaited<ReturnType<typeof readHolders>>;
}

/** @param subjectIds null: everybody's */
export function readTenantBudgetView(
  pool: Pool,
  tenantId: string,
  subjectIds: string[] | null,
): Promise<TenantBudgetView> {
  return inTenantTransaction(pool, tenantId, async (client, now) => {
    const period = await readPeriod(client, tenantId, now);
    const people = await readTenantPeople(client, tenantId, subjectIds);
    const ownerIds = subjectIds && [tenantId, ...subjectIds];
    const balances = await readBalances(client, tenantId, period, ownerIds);
    return { period, ...people, balances, holders: await readHolders(client, tenantId) };
  });
}
