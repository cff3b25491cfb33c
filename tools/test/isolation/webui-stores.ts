/** Postgres and Redis of a tenant's Open WebUI, which `--run` does not start: with the passwords of the bundle, as containers have them. */
import { freePort, startPostgres } from '@cloudfreedom/testkit';
import { startRedis } from '../../src/tenant/redis.ts';

export interface WebUiStores {
  databaseUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;

/**
 * @param folder of the tenant
 * @param secret of the bundle, by variable
 */
export async function startWebUiStores(folder: string, secret: (name: string) => string): Promise<WebUiStores> {
  const postgres = await startPostgres({ password: secret('WEBUI_POSTGRES_PASSWORD') });
  const port = await freePort();
  const redis = startRedis(port, secret('WEBUI_REDIS_PASSWORD'), folder);
  if (!redis) throw new Error('needs a redis-server (REDIS_SERVER_BIN)');
  return {
    databaseUrl: postgres.url('postgres'),
    redisUrl: `redis://127.0.0.1:${port}`,
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop(GRACE_MS)]);
    },
  };
}
