/** Requests per minute (in Redis, so that several proxies share them; else in memory) and parallel requests. */
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const MINUTE_SECONDS = 60;
/** The limiter only counts; each person's own limit is compared here. */
const COUNT_ONLY = Number.MAX_SAFE_INTEGER;
const PARALLEL_RETRY_MS = 1_000;

export interface Permit {
  /** Call when the request is over; a second call does nothing. */
  release(): void;
}

export interface LimitRefusal {
  refused: 'requests_per_minute' | 'parallel_requests';
  limit: number;
  retryAfterMs: number;
}

export class RequestLimits {
  readonly #redis: Redis | undefined;
  readonly #perMinute: RateLimiterMemory | RateLimiterRedis;
  /** Running requests of this process by name. */
  readonly #running = new Map<string, number>();

  constructor(options: { redisUrl: string | undefined; onRedisError: (error: Error) => void }) {
    const memory = new RateLimiterMemory({ points: COUNT_ONLY, duration: MINUTE_SECONDS });
    if (options.redisUrl === undefined) {
      this.#perMinute = memory;
      return;
    }
    this.#redis = new Redis(options.redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    this.#redis.on('error', options.onRedisError);
    this.#perMinute = new RateLimiterRedis({
      storeClient: this.#redis,
      keyPrefix: 'cloudfreedom:rpm',
      points: COUNT_ONLY,
      duration: MINUTE_SECONDS,
      insuranceLimiter: memory,
    });
  }

  /** Count a request. A limit of 0 is none. */
  async enter(
    name: string,
    limits: { requestsPerMinute: number; parallelRequests: number },
  ): Promise<Permit | LimitRefusal> {
    const running = this.#running.get(name) ?? 0;
    if (limits.parallelRequests > 0 && running >= limits.parallelRequests)
      return { refused: 'parallel_requests', limit: limits.parallelRequests, retryAfterMs: PARALLEL_RETRY_MS };
    // Taken before anything is awaited, so that requests of one moment can't all pass.
    this.#running.set(name, running + 1);
    const permit = this.#permit(name);
    if (limits.requestsPerMinute === 0) return permit;
    const count = await this.#count(name);
    if (count.consumedPoints <= limits.requestsPerMinute) return permit;
    permit.release();
    return { refused: 'requests_per_minute', limit: limits.requestsPerMinute, retryAfterMs: count.msBeforeNext };
  }

  async close(): Promise<void> {
    this.#redis?.disconnect();
  }

  async #count(name: string): Promise<RateLimiterRes> {
    try {
      return await this.#perMinute.consume(name);
    } catch (error) {
      if (error instanceof RateLimiterRes) return error;
      throw error;
    }
  }

  #permit(name: string): Permit {
    let released = false;
    const release = () => {
      if (!released) this.#leave(name);
      released = true;
    };
    return { release };
  }

  #leave(name: string): void {
    const running = (this.#running.get(name) ?? 1) - 1;
    if (running > 0) this.#running.set(name, running);
    else this.#running.delete(name);
  }
}
