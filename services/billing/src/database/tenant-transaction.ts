import {
  inOpenTransaction,
  inTransaction,
  type NamedStatement,
  type Pool,
  type PoolClient,
  type QueryResult,
} from '@cloudfreedom/service-kit';

/** Moments are cut to milliseconds so that they survive the way through JavaScript. */
const NAME_TENANT = `SELECT set_config('app.tenant_id', $1, true), date_trunc('milliseconds', clock_timestamp()) AS now`;
const lockTenant = (settings: string) => `SELECT set_config('app.tenant_id', $1, true), ${settings}
  pg_advisory_xact_lock(hashtextextended('ledger of ' || $1, 0))`;
/**
 * The ledger finds rows by their keys. Planned while a table was young it would read it whole, and keep to that plan while
 * the table grows: so it may not.
 */
const BY_KEYS = `set_config('enable_seqscan', 'off', true),`;
/** Planned once for good: with the values at hand some would be planned anew each time, to the same plan. */
const PLANNED_ONCE = `set_config('plan_cache_mode', 'force_generic_plan', true),`;
const LOCK_TENANT = { name: 'lock-tenant', text: lockTenant(BY_KEYS) };
const LOCK_TENANT_FOR_BATCH = { name: 'lock-tenant-for-batch', text: lockTenant(BY_KEYS + PLANNED_ONCE) };

/** One transaction that sees rows of one tenant only (row-level security), and the moment at which it began. */
export function inTenantTransaction<T>(
  pool: Pool,
  tenantId: string,
  work: (client: PoolClient, now: Date) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    const query = { name: 'name-tenant', text: NAME_TENANT, values: [tenantId] };
    const { rows } = await client.query<{ now: Date }>(query);
    const [first] = rows;
    if (!first) throw new Error('Postgres told no time');
    return work(client, first.now);
  });
}

/** A tenant's turn: its transaction, which has not begun yet. */
export interface TenantTurn {
  client: PoolClient;
  /** Before anything else. The statements run when the turn has come. @returns their results */
  begin(...statements: NamedStatement[]): Promise<QueryResult[]>;
  /** At the end, together with the last statements. Without it all is committed when the work is done. */
  commit(...statements: NamedStatement[]): Promise<void>;
}

/**
 * The same, alone for this tenant among all replicas: what it reads first is still true when it decides. (Locks on
 * balances come too late for that: another replica may have opened the very reservation that was not there a moment ago.)
 */
export function inTenantTurn<T>(pool: Pool, tenantId: string, work: (turn: TenantTurn) => Promise<T>): Promise<T> {
  return inTurn(pool, tenantId, LOCK_TENANT, work);
}

/** The same for batches of the ledger: they come by the hundred a second, and each of their statements has a name. */
export function inBatchTurn<T>(pool: Pool, tenantId: string, work: (turn: TenantTurn) => Promise<T>): Promise<T> {
  return inTurn(pool, tenantId, LOCK_TENANT_FOR_BATCH, work);
}

function inTurn<T>(
  pool: Pool,
  tenantId: string,
  lock: Omit<NamedStatement, 'values'>,
  work: (turn: TenantTurn) => Promise<T>,
): Promise<T> {
  return inOpenTransaction(pool, ({ client, begin, commit }) => {
    const take: TenantTurn['begin'] = async (...statements) =>
      (await begin({ ...lock, values: [tenantId] }, ...statements)).slice(1);
    return work({ client, begin: take, commit });
  });
}
