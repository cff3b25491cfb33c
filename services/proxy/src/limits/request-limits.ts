/**
 * Requests and tokens per minute and requests at once, at each level, in the Redis that several proxies share. While it is
 * away (or where there is none) each proxy counts by itself.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from '@cloudfreedom/service-kit';
import { Redis } from 'ioredis';
import { type Count, countsOf, type LimitRefusal, type LimitState } from './count.ts';
import { type GatheredWrites, gatherWrites } from './gather-writes.ts';
import { KnownRefusals } from './known-refusals.ts';
import { MemoryCounters, type MinuteCounters, RedisCounters } from './minute-counters.ts';
import { RedisSlots } from './redis-slots.ts';
import { RunningRequests } from './running-requests.ts';

/** Nobody knows when a running request ends. */
const SLOT_RETRY_MS = 1_000;
const KEEP_SLOTS_MS = 10_000;
/** Of a Redis that hangs; until it answers again nobody waits for it. */
const ANSWER_TIMEOUT_MS = 1_000;

export interface Permit {
  /** Of the limits per minute, with this request counted. */
  states: LimitState[];
  /** Call when the request is over, with the tokens that it used in the end; a second call does nothing. */
  release(usedTokens: number): void;
}

interface Shared {
  redis: Redis;
  writes: GatheredWrites;
  counters: MinuteCounters;
  slots: RedisSlots;
}

interface Entry {
  id: string;
  minutes: Count[];
  slots: Count[];
}

const UNLIMITED: Permit = { states: [], release: () => {} };

export class RequestLimits {
  readonly #logger: Logger;
  readonly #shared: Shared | null;
  readonly #alone = new MemoryCounters();
  readonly #running = new RunningRequests();
  readonly #refusals = new KnownRefusals();
  readonly #keeping: NodeJS.Timeout;
  /** Since Redis was missed first; it may not have been there yet. */
  #away = false;
  #closed = false;

  constructor(options: {
    /** undefined: none. */
    redisUrl: string | undefined;
    tenantId: string;
    logger: Logger;
    answerTimeoutMs?: number;
  }) {
    this.#logger = options.logger;
    this.#shared = options.redisUrl === undefined ? null : this.#connect(options.redisUrl, options);
    this.#keeping = setInterval(() => this.#keepSlots(), KEEP_SLOTS_MS);
    this.#keeping.unref();
  }

  /** Redis is asked: an answer takes a moment. */
  get isShared(): boolean {
    return this.#shared?.redis.status === 'ready';
  }

  /** There is a Redis, and it is away: people may get their limits at each proxy. */
  get isAway(): boolean {
    return this.#shared !== null && !this.isShared;
  }

  /** Counts a request where it fits into all its limits, else nowhere. @param tokens 0: it uses none */
  async enter(caller: Parameters<typeof countsOf>[0], tokens: number): Promise<Permit | LimitRefusal> {
    const counts = countsOf(caller, tokens);
    if (counts.length === 0) return UNLIMITED;
    const oversized = counts.find(({ points, limit }) => points > limit);
    if (oversized) return { refused: oversized, retryAfterMs: null, states: [] };
    const known = this.#refusals.find(counts);
    if (known) return known;
    const slots = counts.filter(({ kind }) => kind === 'parallel_requests');
    const entry = { id: randomUUID(), slots, minutes: counts.filter((count) => !slots.includes(count)) };
    // Before anything is awaited, so that requests of one moment can't all pass.
    const full = this.#running.take(entry.id, slots);
    if (full) return { refused: full, retryAfterMs: SLOT_RETRY_MS, states: [] };
    try {
      const answer = (await this.#enterShared(entry)) ?? (await this.#enterAt(this.#alone, null, entry));
      if ('refused' in answer) this.#running.free(entry.id);
      return answer;
    } catch (error) {
      this.#running.free(entry.id);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#keeping);
    this.#shared?.redis.disconnect();
  }

  #connect(
    url: string,
    { tenantId, answerTimeoutMs = ANSWER_TIMEOUT_MS }: { tenantId: string; answerTimeoutMs?: number },
  ): Shared {
    const redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      socketTimeout: answerTimeoutMs,
      connectTimeout: 5_000,
    });
    redis.on('error', (error: Error) => this.#noteAway(error));
    redis.on('close', () => this.#noteAway());
    redis.on('ready', () => this.#noteBack());
    const prefix = `cloudfreedom:${tenantId}`;
    return {
      redis,
      writes: gatherWrites(redis),
      counters: new RedisCounters(redis, prefix),
      slots: new RedisSlots(redis, prefix),
    };
  }

  /** null: Redis is away */
  async #enterShared(entry: Entry): Promise<Permit | LimitRefusal | null> {
    if (!this.#shared || !this.isShared) return null;
    try {
      this.#shared.writes.now();
      return await this.#enterAt(this.#shared.counters, this.#shared.slots, entry);
    } catch (error) {
      this.#noteAway(error);
      return null;
    }
  }

  /** All questions go out together. */
  async #enterAt(counters: MinuteCounters, slots: RedisSlots | null, entry: Entry): Promise<Permit | LimitRefusal> {
    const [full, ...consumed] = await Promise.all([
      slots && entry.slots.length > 0 ? slots.take(entry.id, entry.slots) : null,
      ...entry.minutes.map(async (count) => ({ count, ...(await counters.consume(count)) })),
    ]);
    const states = consumed.map(({ count: { kind, level, limit }, remaining, ms }) => ({
      kind,
      level,
      limit,
      remaining,
      resetMs: ms,
    }));
    const refused = consumed.filter(({ fits }) => !fits).sort((one, other) => other.ms - one.ms)[0];
    if (!refused && full === null) return { states, release: this.#releaseOf(entry, counters) };
    for (const { count, fits } of consumed) if (fits) this.#inBackground(counters.correct(count, -count.points));
    if (!refused) return { refused: full as Count, retryAfterMs: SLOT_RETRY_MS, states };
    if (full === null && slots) this.#freeSlots(entry);
    const refusal = { refused: refused.count, retryAfterMs: refused.ms, states };
    if (slots) this.#refusals.remember(refused.count, refusal, refused.ms);
    return refusal;
  }

  #releaseOf(entry: Entry, counters: MinuteCounters): Permit['release'] {
    let released = false;
    return (usedTokens) => {
      if (released) return;
      released = true;
      this.#running.free(entry.id);
      if (this.isShared) this.#shared?.writes.soon();
      this.#freeSlots(entry);
      for (const count of entry.minutes) {
        const difference = count.kind === 'tokens_per_minute' ? usedTokens - count.points : 0;
        if (difference !== 0) this.#inBackground(counters.correct(count, difference));
      }
    };
  }

  #freeSlots({ id, slots }: Entry): void {
    if (slots.length > 0 && this.#shared && this.isShared) this.#inBackground(this.#shared.slots.free(id, slots));
  }

  #keepSlots(): void {
    if (!this.#shared || !this.isShared) return;
    for (const [request, slots] of this.#running.all()) this.#inBackground(this.#shared.slots.keep(request, slots));
  }

  /** Nobody waits for it. Where it fails, what it was about is forgotten in a minute at most. */
  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#noteAway(error));
  }

  #noteAway(error?: unknown): void {
    if (this.#away || this.#closed) return;
    this.#away = true;
    this.#logger.error(
      { err: error },
      'Redis does not answer: rate limits count in each proxy by itself until it is back',
    );
  }

  #noteBack(): void {
    // Its sets may be gone: what runs here is told again.
    this.#keepSlots();
    if (this.#away) this.#logger.info('Redis is back: rate limits count for all proxies together');
    this.#away = false;
  }
}
