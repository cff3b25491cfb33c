/** Postgres as all services use it: bigint columns are bigints, every query has a time limit. */
import pg from 'pg';
import { type NamedStatement, sendTogether } from './send-together.ts';

export type { Pool, PoolClient, QueryResult } from 'pg';

const INT8 = 20;
/** A new connection knows no plan and no table yet: its first transactions take ten times as long. */
const IDLE_MS = 600_000;

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
    idleTimeoutMillis: IDLE_MS,
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
  // The same for one that is closed just as it passes from who gives it back to who waits for it: both don't listen then.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** A transaction whose first and last statements travel together with its beginning and its end. */
export interface Transaction {
  client: pg.PoolClient;
  /** Before anything else. @returns the statements' results */
  begin(...statements: NamedStatement[]): Promise<pg.QueryResult[]>;
  /** At the end of all. Should a statement fail, nothing is committed. */
  commit(...statements: NamedStatement[]): Promise<void>;
}

const BEGIN: NamedStatement = { name: 'begin', text: 'BEGIN', values: [] };
const COMMIT: NamedStatement = { name: 'commit', text: 'COMMIT', values: [] };

/** Run in one transaction: committed when `work` returns, rolled back when it throws. */
export function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return inOpenTransaction(pool, async ({ client, begin }) => {
    await begin();
    return work(client);
  });
}

/** The same for work that begins it by itself; it is committed at the end unless `work` has done so. */
export async function inOpenTransaction<T>(pool: pg.Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that dies while we have it fails the running query and tells its client too; unheard, that would end
  // the process.
  const onLost = (error: Error) => {
    broken = error;
  };
  client.on('error', onLost);
  try {
    let committed = false;
    const begin: Transaction['begin'] = async (...statements) =>
      (await sendTogether(client, [BEGIN, ...statements])).slice(1);
    const commit: Transaction['commit'] = async (...statements) => {
      committed = true;
      const results = await sendTogether(client, [...statements, COMMIT]);
      if (results.at(-1)?.command !== 'COMMIT') throw new Error('Postgres rolled back instead of committing');
    };
    const result = await work({ client, begin, commit });
    if (!committed) await commit();
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
