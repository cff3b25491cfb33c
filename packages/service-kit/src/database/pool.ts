/** Postgres as all services use it: bigint columns are bigints, every query has a time limit. */
import pg from 'pg';

export type { Pool, PoolClient } from 'pg';

const INT8 = 20;

export interface PoolOptions {
  max?: number;
  applicationName: string;
  /** Send queries that are asked at once behind each other without waiting for each answer; they run in that order. */
  pipeline?: boolean;
}

/** A pool. Amounts in nano-euro are int8 and arrive as bigint; timestamps arrive as Date. */
export function createPool(databaseUrl: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.max ?? 10,
    application_name: options.applicationName,
    pipeline: options.pipeline ?? false,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8 && format !== 'binary'
          ? BigInt
          : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  });
  // A connection that Postgres closes while it is idle is replaced by the pool; unheard, the event would end the process.
  pool.on('error', () => {});
  return pool;
}

/** Run in one transaction: committed when `work` returns, rolled back when it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that dies while we have it fails the running query and tells its client too; unheard, that would end
  // the process.
  const onLost = (error: Error) => {
    broken = error;
  };
  client.on('error', onLost);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onLost);
    client.release(broken);
  }
}
