/** Keep-alive connections to the providers, one pool per origin. */
import { Pool } from 'undici';

/**
 * A running answer occupies its connection for seconds, so this is also the number of answers that one provider may
 * give at a time; a request beyond it waits for a free connection.
 */
const CONNECTIONS_PER_ORIGIN = 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;

export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();

  /** The pool of a base URL, and the path prefix that the base URL brings along. */
  of(baseUrl: string): { pool: Pool; pathPrefix: string } {
    const { origin, pathname } = new URL(baseUrl);
    let pool = this.#pools.get(origin);
    if (!pool) {
      pool = new Pool(origin, {
        connections: CONNECTIONS_PER_ORIGIN,
        connect: { timeout: CONNECT_TIMEOUT_MS },
        keepAliveTimeout: KEEP_ALIVE_MS,
      });
      this.#pools.set(origin, pool);
    }
    return { pool, pathPrefix: pathname === '/' ? '' : pathname };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}
