/**
 * Answers of providers, as they came, in the tenant's Redis: for a while and up to a size in all. Without Redis nothing is
 * found and nothing is kept, and no request waits or fails for it.
 */
import type { Logger } from '@cloudfreedom/service-kit';
import { Redis, type Result } from 'ioredis';
import { Counter, type Registry } from 'prom-client';
import { z } from 'zod';

/** A larger answer is not kept. */
export const ANSWER_BYTES_MAX = 1024 * 1024;
/** A Redis that hangs costs a request no more than this. */
const ANSWER_TIMEOUT_MS = 250;

/**
 * KEYS: the answer, a sorted set of names by the moment at which they end, a hash of their sizes. ARGV: name, answer, life in
 * milliseconds, most bytes of all, prefix of the answers' keys. What ends soonest makes room.
 */
const KEEP = `
local time = redis.call('time')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local name, lifeMs, most = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local drop = function(one)
  local bytes = tonumber(redis.call('hget', KEYS[3], one) or 0)
  redis.call('zrem', KEYS[2], one)
  redis.call('hdel', KEYS[3], one)
  redis.call('del', ARGV[5] .. one)
  return redis.call('hincrby', KEYS[3], 'all', 0 - bytes)
end
drop(name)
for _, over in ipairs(redis.call('zrangebyscore', KEYS[2], '-inf', nowMs)) do drop(over) end
local bytes = string.len(ARGV[2])
local all = redis.call('hincrby', KEYS[3], 'all', bytes)
while all > most do
  local soonest = redis.call('zrange', KEYS[2], 0, 0)[1]
  if not soonest then redis.call('hincrby', KEYS[3], 'all', 0 - bytes) return 0 end
  all = drop(soonest)
end
redis.call('set', KEYS[1], ARGV[2], 'PX', lifeMs)
redis.call('zadd', KEYS[2], nowMs + lifeMs, name)
redis.call('hset', KEYS[3], name, bytes)
for i = 2, 3 do
  if redis.call('pttl', KEYS[i]) < lifeMs then redis.call('pexpire', KEYS[i], lifeMs) end
end
return 1`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    keepAnswer(...given: [keys: number, ...(string | number)[]]): Result<number, Context>;
  }
}

const keptAnswer = z.object({
  /** The deployment that gave it. */
  deploymentId: z.string(),
  /** Of what was sent for it. */
  sent: z.string(),
  keptAtMs: z.number(),
  /** The provider's, byte for byte. */
  body: z.string(),
});
export type KeptAnswer = z.infer<typeof keptAnswer>;

interface CacheOptions {
  /** undefined: nothing is ever found. */
  redisUrl: string | undefined;
  tenantId: string;
  ttlSeconds: number;
  /** Of all answers together. */
  bytesMax: number;
  logger: Logger;
  registry: Registry;
}

export class AnswerCache {
  readonly #options: CacheOptions;
  readonly #prefix: string;
  readonly #asked: Counter<'result'>;
  /** Connected when it is wanted first: most tenants never do. A connection of its own, so that no limit waits behind an answer. */
  #redis: Redis | undefined;
  #away = false;
  #closed = false;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#prefix = `cloudfreedom:${options.tenantId}:answer`;
    this.#asked = new Counter({
      name: 'cloudfreedom_answer_cache_requests_total',
      help: 'Requests that asked for an earlier answer: hit, or miss',
      labelNames: ['result'],
      registers: [options.registry],
    });
  }

  count(result: 'hit' | 'miss'): void {
    this.#asked.inc({ result });
  }

  /** @param name see `answerName` @returns null: there is none, or Redis is away. Throws nothing. */
  async find(name: string): Promise<KeptAnswer | null> {
    try {
      const text = await (await this.#connected())?.get(`${this.#prefix}:${name}`);
      return text ? keptAnswer.parse(JSON.parse(text)) : null;
    } catch (error) {
      this.#noteAway(error);
      return null;
    }
  }

  /** Throws nothing. */
  async keep(name: string, answer: Omit<KeptAnswer, 'keptAtMs'>): Promise<void> {
    const { ttlSeconds, bytesMax } = this.#options;
    try {
      const redis = await this.#connected();
      const text = JSON.stringify({ ...answer, keptAtMs: Date.now() } satisfies KeptAnswer);
      const keys = [`${this.#prefix}:${name}`, `${this.#prefix}s:ends`, `${this.#prefix}s:bytes`];
      await redis?.keepAnswer(keys.length, ...keys, name, text, ttlSeconds * 1_000, bytesMax, `${this.#prefix}:`);
    } catch (error) {
      this.#noteAway(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#redis?.disconnect();
  }

  async #connected(): Promise<Redis | null> {
    const { redisUrl } = this.#options;
    if (redisUrl === undefined || this.#closed) return null;
    if (this.#redis) return this.#redis.status === 'ready' ? this.#redis : null;
    const redis = new Redis(redisUrl, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: ANSWER_TIMEOUT_MS,
      connectTimeout: 5_000,
    });
    this.#redis = redis;
    redis.defineCommand('keepAnswer', { lua: KEEP });
    redis.on('error', (error: Error) => this.#noteAway(error));
    redis.on('ready', () => {
      this.#away = false;
    });
    // Whoever asks first doesn't wait for it.
    redis.connect().catch((error: unknown) => this.#noteAway(error));
    return null;
  }

  #noteAway(error: unknown): void {
    if (this.#away || this.#closed) return;
    this.#away = true;
    this.#options.logger.warn(
      { err: error },
      'an answer could not be looked up or kept in Redis; not said again until it has been away',
    );
  }
}
