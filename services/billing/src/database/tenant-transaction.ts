import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';

type Work<T> = (client: PoolClient, now: Date) => Promise<T>;

/** Moments are cut to milliseconds so that they survive the way through JavaScript. */
const NAME_TENANT = `SELECT set_config('app.tenant_id', $1, true), date_trunc('milliseconds', clock_timestamp()) AS now`;
/** The same after waiting for one's turn; columns are evaluated from left to right, so the clock is read last. */
const LOCK_TENANT = `SELECT set_config('app.tenant_id', $1, true),
  pg_advisory_xact_lock(hashtextextended('ledger of ' || $1, 0)),
  date_trunc('milliseconds', clock_timestamp()) AS now`;

function run<T>(pool: Pool, tenantId: string, query: { name: string; text: string }, work: Work<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ now: Date }>({ ...query, values: [tenantId] });
    const [first] = rows;
    if (!first) throw new Error('Postgres told no time');
    return work(client, first.now);
  });
}

/** One transaction that sees rows of one tenant only (row-level security), and the moment at which it began. */
export function inTenantTransaction<T>(pool: Pool, tenantId: string, work: Work<T>): Promise<T> {
  return run(pool, tenantId, { name: 'name-tenant', text: NAME_TENANT }, work);
}

/**
 * The same, alone for this tenant among all replicas: what it reads first is still true when it decides. (Locks on
 * balances come too late for that: another replica may have opened the very reservation that was not there a moment ago.)
 */
export function inTenantTurn<T>(pool: Pool, tenantId: string, work: Work<T>): Promise<T> {
  return run(pool, tenantId, { name: 'lock-tenant', text: LOCK_TENANT }, work);
}
