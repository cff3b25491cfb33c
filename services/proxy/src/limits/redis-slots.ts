/**
 * Running requests in Redis: for each limit a sorted set of them, each with the moment at which it is forgotten. Whoever runs
 * one says again and again that it still does; a proxy that was killed says nothing, and its requests are forgotten.
 */
import type { Redis, Result } from 'ioredis';
import type { Count } from './count.ts';

const LEASE_MS = 30_000;

/** KEYS: a set for each limit. ARGV: the request, lease in milliseconds, the limits. @returns the first that is full, else 0 */
const TAKE = `
local time = redis.call('time')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
for i, key in ipairs(KEYS) do
  redis.call('zremrangebyscore', key, '-inf', nowMs)
  if redis.call('zcard', key) >= tonumber(ARGV[2 + i]) then return i end
end
for _, key in ipairs(KEYS) do
  redis.call('zadd', key, nowMs + ARGV[2], ARGV[1])
  redis.call('pexpire', key, ARGV[2])
end
return 0`;

/** KEYS and ARGV as above, without the limits. It is there again where Redis had lost it. */
const KEEP = `
local time = redis.call('time')
for _, key in ipairs(KEYS) do
  redis.call('zadd', key, time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
  redis.call('pexpire', key, ARGV[2])
end`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeSlots(...given: [keys: number, ...(string | number)[]]): Result<number, Context>;
    keepSlots(...given: [keys: number, ...(string | number)[]]): Result<null, Context>;
  }
}

/** Throws what Redis throws. */
export class RedisSlots {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #leaseMs: number;

  constructor(redis: Redis, prefix: string, leaseMs = LEASE_MS) {
    this.#leaseMs = leaseMs;
    this.#redis = redis;
    this.#prefix = prefix;
    redis.defineCommand('takeSlots', { lua: TAKE });
    redis.defineCommand('keepSlots', { lua: KEEP });
  }

  /** All or none. @returns the one that has no room; null: taken */
  async take(request: string, slots: readonly Count[]): Promise<Count | null> {
    const limits = slots.map(({ limit }) => limit);
    const full = await this.#redis.takeSlots(slots.length, ...this.#keys(slots), request, this.#leaseMs, ...limits);
    return slots[full - 1] ?? null;
  }

  async keep(request: string, slots: readonly Count[]): Promise<void> {
    await this.#redis.keepSlots(slots.length, ...this.#keys(slots), request, this.#leaseMs);
  }

  async free(request: string, slots: readonly Count[]): Promise<void> {
    await Promise.all(this.#keys(slots).map((key) => this.#redis.zrem(key, request)));
  }

  #keys(slots: readonly Count[]): string[] {
    return slots.map(({ name }) => `${this.#prefix}:parallel_requests:${name}`);
  }
}
