/** Requests and tokens of the last minute, counted by the limiter library: in Redis, or in this process. */
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Count } from './count.ts';

const WINDOW_SECONDS = 60;
/** A limiter that only counts. */
const COUNT_ONLY = Number.MAX_SAFE_INTEGER;

/**
 * The library's own script counts in fixed windows, of which two in a row let twice the limit pass within a minute, and it
 * counts what it refuses. This one keeps a sliding window in twelfths: a twelfth counts until its last moment is a window
 * ago, so in no window more than the limit passes, and what doesn't fit isn't counted. What is given back is taken from
 * the oldest twelfths, whose points would be free soonest.
 * KEYS: a hash, twelfth -> points. ARGV: points (negative: given back), window in seconds, limit.
 * Returns the points in the window, with those asked for, and milliseconds: until they fit, else until the window is empty.
 */
const SLIDING_WINDOW = `
local asked, windowMs, limit = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000, tonumber(ARGV[3])
local time = redis.call('time')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local widthMs = windowMs / 12
local newest = math.floor(nowMs / widthMs)
local entries = redis.call('hgetall', KEYS[1])
local used, twelfths = 0, {}
for i = 1, #entries, 2 do
  local twelfth = { at = tonumber(entries[i]), points = tonumber(entries[i + 1]) }
  if (twelfth.at + 1) * widthMs + windowMs <= nowMs then
    redis.call('hdel', KEYS[1], entries[i])
  else
    used = used + twelfth.points
    twelfths[#twelfths + 1] = twelfth
  end
end
table.sort(twelfths, function(a, b) return a.at < b.at end)
local freeMs = function(at) return math.ceil((at + 1) * widthMs + windowMs - nowMs) end
if asked > 0 and used + asked > limit then
  local left, waitMs = used, freeMs(newest)
  for _, twelfth in ipairs(twelfths) do
    left = left - twelfth.points
    if left + asked <= limit then waitMs = freeMs(twelfth.at) break end
  end
  return { used + asked, waitMs }
end
if asked > 0 then
  redis.call('hincrby', KEYS[1], string.format('%d', newest), ARGV[1])
  redis.call('pexpire', KEYS[1], freeMs(newest))
  return { used + asked, freeMs(newest) }
end
local back = -asked
for _, twelfth in ipairs(twelfths) do
  local taken = math.min(back, twelfth.points)
  if taken > 0 then redis.call('hincrby', KEYS[1], string.format('%d', twelfth.at), -taken) end
  back = back - taken
end
return { math.max(0, used + asked), freeMs(newest) }
`;

export interface Consumed {
  fits: boolean;
  remaining: number;
  /** Where it fits until all is free, else until it fits. */
  ms: number;
}

export interface MinuteCounters {
  consume(count: Count): Promise<Consumed>;
  /** Points more (whatever the limit) or less than were counted. */
  correct(count: Count, points: number): Promise<unknown>;
}

/** Throws what Redis throws. */
export class RedisCounters implements MinuteCounters {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #windowSeconds: number;
  readonly #limiters = new Map<number, RateLimiterRedis>();

  constructor(redis: Redis, prefix: string, windowSeconds = WINDOW_SECONDS) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#windowSeconds = windowSeconds;
  }

  async consume(count: Count): Promise<Consumed> {
    try {
      const { consumedPoints, msBeforeNext } = await this.#limiterOf(count.limit).consume(nameOf(count), count.points);
      return { fits: true, remaining: count.limit - consumedPoints, ms: msBeforeNext };
    } catch (answer) {
      if (!(answer instanceof RateLimiterRes)) throw answer;
      return {
        fits: false,
        remaining: Math.max(0, count.limit + count.points - answer.consumedPoints),
        ms: answer.msBeforeNext,
      };
    }
  }

  correct(count: Count, points: number): Promise<unknown> {
    const counter = this.#limiterOf(COUNT_ONLY);
    return points < 0 ? counter.reward(nameOf(count), -points) : counter.penalty(nameOf(count), points);
  }

  #limiterOf(limit: number): RateLimiterRedis {
    let limiter = this.#limiters.get(limit);
    if (!limiter) {
      limiter = new RateLimiterRedis({
        storeClient: this.#redis,
        keyPrefix: this.#prefix,
        points: limit,
        duration: this.#windowSeconds,
        customIncrTtlLuaScript: SLIDING_WINDOW,
      });
      this.#limiters.set(limit, limiter);
    }
    return limiter;
  }
}

/** In the library's fixed windows, which begin with the first request. */
export class MemoryCounters implements MinuteCounters {
  readonly #limiter = new RateLimiterMemory({ points: COUNT_ONLY, duration: WINDOW_SECONDS });

  async consume(count: Count): Promise<Consumed> {
    const { consumedPoints, msBeforeNext: ms } = await this.#limiter.consume(nameOf(count), count.points);
    if (consumedPoints <= count.limit) return { fits: true, remaining: count.limit - consumedPoints, ms };
    await this.#limiter.reward(nameOf(count), count.points);
    return { fits: false, remaining: Math.max(0, count.limit + count.points - consumedPoints), ms };
  }

  async correct(count: Count, points: number): Promise<unknown> {
    // Its window may be over: then nothing is there to be given back.
    const counted = (await this.#limiter.get(nameOf(count)))?.consumedPoints ?? 0;
    if (points >= 0) return this.#limiter.penalty(nameOf(count), points);
    return counted > 0 ? this.#limiter.reward(nameOf(count), Math.min(-points, counted)) : undefined;
  }
}

const nameOf = ({ kind, name }: Count) => `${kind}:${name}`;
