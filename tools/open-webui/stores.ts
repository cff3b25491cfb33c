/** Postgres and Redis of Open WebUI's own, as a tenant's bundle gives it. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { freePort, startPostgres } from '@cloudfreedom/testkit';
import pg from 'pg';
import { startRedis } from '../src/tenant/redis.ts';

export interface Stores {
  databaseUrl: string;
  /** null where no Redis is installed. */
  redisUrl: string | null;
  /** Nobody is signed in any more, as after a logout: Open WebUI has no token of theirs to send. */
  forgetSessions(): Promise<void>;
  /** How many sessions with tokens it keeps. */
  countSessions(): Promise<number>;
  stop(): Promise<void>;
}

export async function startStores(folder: string): Promise<Stores> {
  const password = randomBytes(24).toString('hex');
  const postgres = await startPostgres({ password });
  const databaseUrl = await postgres.createDatabase('webui');
  const port = await freePort();
  const redis = startRedis(port, password, path.join(folder, 'redis'));
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    databaseUrl,
    redisUrl: redis && `redis://:${password}@127.0.0.1:${port}/1`,
    forgetSessions: async () => void (await query('DELETE FROM oauth_session')),
    countSessions: async () => Number((await query('SELECT count(*) FROM oauth_session'))[0].count),
    stop: async () => {
      await redis?.stop(5_000);
      await postgres.stop();
    },
  };
}
