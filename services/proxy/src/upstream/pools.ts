/** Keep-alive connections to the providers, one pool per origin. */
import { Pool } from 'undici';
import type { ServerAddress } from '../models/server.ts';
import { publicLookup, requirePublicLiteral } from './address-guard.ts';

/**
 * A running answer occupies its connection for seconds, so this is also the number of answers that one provider may
 * give at a time; a request beyond it waits for a free connection.
 */
const CONNECTIONS_PER_ORIGIN = 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;

export class UpstreamPools {
  readonly #pools = new Map<string, Pool>();
  readonly #privateHosts: ReadonlySet<string>;

  /** @param privateHosts `host:port` that models may name although they are in a private network */
  constructor(privateHosts: readonly string[]) {
    this.#privateHosts = new Set(privateHosts);
  }

  /**
   * The pool of a base URL, the path prefix that the base URL brings along, and whether it is a server of the operator's.
   * @throws PrivateAddress for an address from the directory inside a private network
   */
  of({ baseUrl, fromDirectory }: ServerAddress): { pool: Pool; pathPrefix: string; isOwn: boolean } {
    const { origin, pathname, hostname, port, protocol } = new URL(baseUrl);
    const guarded =
      fromDirectory && !this.#privateHosts.has(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`);
    if (guarded) requirePublicLiteral(hostname);
    const name = `${guarded ? 'guarded ' : ''}${origin}`;
    let pool = this.#pools.get(name);
    if (!pool) {
      pool = new Pool(origin, {
        connections: CONNECTIONS_PER_ORIGIN,
        connect: { timeout: CONNECT_TIMEOUT_MS, ...(guarded && { lookup: publicLookup }) },
        keepAliveTimeout: KEEP_ALIVE_MS,
      });
      this.#pools.set(name, pool);
    }
    return { pool, pathPrefix: pathname === '/' ? '' : pathname, isOwn: fromDirectory && !guarded };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}
