import {
  inOpenTransaction,
  inTransaction,
  type Pool,
  type PoolClient,
  type Transaction,
} from '@cloudfreedom/service-kit';

/** Moments are cut to milliseconds so that they survive the way through JavaScript. */
const NAME_TENANT = `SELECT set_config('app.tenant_id', $1, true), date_trunc('milliseconds', clock_timestamp()) AS now`;
/**
 * The ledger finds rows by their keys. Planned while a table was young it would read it whole, and keep to that plan while
 * the table grows: so it may not.
 */
const LOCK_TENANT = `SELECT set_config('app.tenant_id', $1, true), set_config('enable_seqscan', 'off', true),
  pg_advisory_xact_lock(hashtextextended('ledger of ' || $1, 0))`;

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

/**
 * The same, alone for this tenant among all replicas: what it reads first is still true when it decides. (Locks on
 * balances come too late for that: another replica may have opened the very reservation that was not there a moment ago.)
 * @param work gets its turn as a promise: what it asks meanwhile on the same connection runs when the turn has come. It
 * has to wait for it before it writes, and may commit together with its last queries.
 */
export function inTenantTurn<T>(
  pool: Pool,
  tenantId: string,
  work: (client: PoolClient, turn: Promise<unknown>, commit: Transaction['commit']) => Promise<T>,
): Promise<T> {
  return inOpenTransaction(pool, ({ client, begun, commit }) => {
    const locked = client.query({ name: 'lock-tenant', text: LOCK_TENANT, values: [tenantId] });
    return work(client, Promise.all([begun, locked]), commit);
  });
}
