/** Limits that several proxies share: against a real Redis, which is killed, paused and started again. */
import { createLogger } from '@cloudfreedom/service-kit';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Count, countsOf } from '../src/limits/count.ts';
import { RedisCounters } from '../src/limits/minute-counters.ts';
import { RedisSlots } from '../src/limits/redis-slots.ts';
import { type Permit, RequestLimits } from '../src/limits/request-limits.ts';
import { until } from './proxy-under-test.ts';
import { hasRedis, type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { NO_LIMITS } from './stub-billing.ts';

/** A machine under load may keep an answer waiting; Redis is not away then. */
const PATIENT_MS = 30_000;
const PATIENT_TEST_MS = 90_000;
type Caller = Parameters<typeof countsOf>[0];
type Limits = Caller['limits'];

let people = 0;
/** Somebody new, in a product and with a key of their own. */
function caller(limits: Partial<Limits>): Caller {
  people += 1;
  const own = `person${people}`;
  return { subjectId: own, apiKeyId: `key-${own}`, productId: `product-${own}`, limits: { ...NO_LIMITS, ...limits } };
}
const limitsOf = (limits: Partial<Limits['user']>) => ({ ...NO_LIMITS.user, ...limits });

describe.skipIf(!hasRedis)(`limits in Redis${whyNoRedis}`, () => {
  let redis: RedisServer;
  let tenants = 0;
  let proxies: RequestLimits[] = [];
  const clients: Redis[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  }, PATIENT_TEST_MS);
  afterEach(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    for (const client of clients.splice(0)) client.disconnect();
    proxies = [];
  });
  afterAll(() => redis.kill());

  async function startProxies(count: number, answerTimeoutMs = PATIENT_MS): Promise<RequestLimits[]> {
    tenants += 1;
    const logger = createLogger('proxy', 'silent');
    const options = { redisUrl: redis.url, tenantId: `tenant-${tenants}`, logger, answerTimeoutMs };
    proxies = Array.from({ length: count }, () => new RequestLimits(options));
    await until('Redis is shared', () => proxies.every(({ isShared }) => isShared), 60_000);
    return proxies;
  }
  const client = () => {
    const connection = new Redis(redis.url);
    clients.push(connection);
    return connection;
  };
  const passed = (answers: Awaited<ReturnType<RequestLimits['enter']>>[]) =>
    answers.filter((answer): answer is Permit => 'release' in answer);
  /** So many requests at once, by turns at each proxy. */
  const ask = (who: Caller, requests: number, tokens = 10) =>
    Promise.all(
      Array.from({ length: requests }, (_, index) => {
        const proxy = proxies[index % proxies.length];
        if (!proxy) throw new Error('no proxies');
        return proxy.enter(who, tokens);
      }),
    );

  test.each(['api_key', 'user', 'product', 'tenant'] as const)(
    'two proxies let ten requests, a hundred tokens and four at once pass together: %s',
    async (level) => {
      await startProxies(2);
      const perMinute = caller({ [level]: limitsOf({ requestsPerMinute: 10 }) });
      const answers = await ask(perMinute, 24);
      expect(passed(answers)).toHaveLength(10);
      const refused = answers.find((answer) => 'refused' in answer);
      expect(refused).toMatchObject({ refused: { kind: 'requests_per_minute', level, limit: 10 } });
      await startProxies(2);
      const tokens = caller({ [level]: limitsOf({ tokensPerMinute: 105 }) });
      expect(passed(await ask(tokens, 24))).toHaveLength(10);
      await startProxies(2);
      const parallel = caller({ [level]: limitsOf({ parallelRequests: 4 }) });
      const running = passed(await ask(parallel, 12));
      expect(running).toHaveLength(4);
      running[0]?.release(0);
      await expect.poll(async () => passed(await ask(parallel, 2)).length, { timeout: 30_000 }).toBe(1);
    },
    PATIENT_TEST_MS,
  );

  test(
    'whatever is asked of whichever proxy: no limit of any level lets more pass',
    async () => {
      const some = fc.integer({ min: 0, max: 12 });
      const limits = fc.record({
        requestsPerMinute: some,
        tokensPerMinute: some.map((n) => n * 40),
        parallelRequests: some,
      });
      const requests = fc.array(
        fc.record({ person: fc.nat(2), tokens: fc.integer({ min: 0, max: 90 }), proxy: fc.nat(1) }),
        {
          maxLength: 40,
        },
      );
      const levels = fc.record({ api_key: limits, user: limits, product: limits, tenant: limits });
      await fc.assert(
        fc.asyncProperty(levels, requests, async (given, asked) => {
          await Promise.all(proxies.map((proxy) => proxy.close()));
          await startProxies(2);
          const callers = [0, 1, 2].map(() => ({ ...caller(given), productId: 'plan' }));
          const answers = await Promise.all(
            asked.map(async ({ person, tokens, proxy }) => {
              const who = callers[person] as Caller;
              const answer = await (proxies[proxy] as RequestLimits).enter(who, tokens);
              return 'refused' in answer ? [] : countsOf(who, tokens);
            }),
          );
          const sums = new Map<string, { count: Count; points: number }>();
          for (const count of answers.flat()) {
            const name = `${count.kind} ${count.name}`;
            sums.set(name, { count, points: (sums.get(name)?.points ?? 0) + count.points });
          }
          for (const { count, points } of sums.values()) expect(points).toBeLessThanOrEqual(count.limit);
        }),
        { numRuns: 15 },
      );
    },
    PATIENT_TEST_MS,
  );

  test(
    'in no window of time more than the limit passes, wherever it begins',
    async () => {
      const windowMs = 1_000;
      const counters = [0, 1].map(() => new RedisCounters(client(), 'windows', windowMs / 1000));
      const count = (points: number): Count => ({
        kind: 'tokens_per_minute',
        level: 'user',
        name: 'user:w',
        limit: 50,
        points,
      });
      const granted: { sentMs: number; answeredMs: number; points: number }[] = [];
      const endsMs = performance.now() + 2.5 * windowMs;
      await Promise.all(
        counters.flatMap((counter) =>
          Array.from({ length: 3 }, async () => {
            while (performance.now() < endsMs) {
              const points = 1 + Math.floor(Math.random() * 20);
              const sentMs = performance.now();
              const { fits } = await counter.consume(count(points));
              if (fits) granted.push({ sentMs, answeredMs: performance.now(), points });
              await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
            }
          }),
        ),
      );
      for (const first of granted) {
        // Certainly counted within one window.
        const within = granted.filter(
          ({ sentMs, answeredMs }) => sentMs >= first.sentMs && answeredMs - first.sentMs < windowMs,
        );
        expect(within.reduce((sum, { points }) => sum + points, 0)).toBeLessThanOrEqual(50);
      }
      expect(granted.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(50);
    },
    PATIENT_TEST_MS,
  );

  test(
    'a true retry-after: before it nothing fits, after it the request does',
    async () => {
      const counters = new RedisCounters(client(), 'retry', 1);
      const count: Count = { kind: 'requests_per_minute', level: 'user', name: 'user:r', limit: 1, points: 1 };
      expect(await counters.consume(count)).toMatchObject({ fits: true, remaining: 0 });
      let answer = await counters.consume(count);
      // The machine may have slept for a window.
      while (answer.fits) answer = await counters.consume(count);
      await new Promise((resolve) => setTimeout(resolve, answer.ms + 5));
      expect(await counters.consume(count)).toMatchObject({ fits: true });
    },
    PATIENT_TEST_MS,
  );

  test(
    'one at once: whoever asks again as soon as the last answer is there gets in',
    async () => {
      const [proxy] = (await startProxies(1)) as [RequestLimits];
      const who = caller({ user: limitsOf({ parallelRequests: 1, tokensPerMinute: 100 }) });
      for (let turn = 0; turn < 20; turn++) {
        const answer = await proxy.enter(who, 80);
        expect(passed([answer]), `turn ${turn}`).toHaveLength(1);
        if ('release' in answer) answer.release(1);
      }
      expect(passed([await proxy.enter(who, 90)])).toHaveLength(0);
    },
    PATIENT_TEST_MS,
  );

  test(
    'tokens are what they were in the end: less is given back, more counts too',
    async () => {
      const [proxy] = await startProxies(1);
      const who = caller({ user: limitsOf({ tokensPerMinute: 100 }) });
      const first = passed([await (proxy as RequestLimits).enter(who, 80)])[0];
      expect(await proxy?.enter(who, 50)).toMatchObject({ refused: { kind: 'tokens_per_minute' } });
      first?.release(30);
      await expect
        .poll(async () => passed([await (proxy as RequestLimits).enter(who, 50)]).length, { timeout: 30_000 })
        .toBe(1);
      const last = passed([await (proxy as RequestLimits).enter(who, 10)])[0];
      last?.release(500);
      await expect.poll(() => proxy?.enter(who, 1), { timeout: 30_000 }).toMatchObject({ refused: { limit: 100 } });
      expect(await proxy?.enter(who, 101)).toMatchObject({ retryAfterMs: null });
    },
    PATIENT_TEST_MS,
  );

  test(
    'the requests of a proxy that was killed are forgotten, those that run are not',
    async () => {
      const slots = new RedisSlots(client(), 'killed', 2_500);
      const slot: Count = { kind: 'parallel_requests', level: 'user', name: 'user:s', limit: 2, points: 1 };
      expect(await slots.take('of-the-killed-one', [slot])).toBeNull();
      expect(await slots.take('running', [slot])).toBeNull();
      expect(await slots.take('one-too-many', [slot])).toEqual(slot);
      const keeping = setInterval(() => void slots.keep('running', [slot]), 20);
      await expect.poll(() => slots.take('next', [slot]), { timeout: 30_000 }).toBeNull();
      await slots.keep('next', [slot]);
      expect(await slots.take('again-too-many', [{ ...slot, limit: 1 }])).not.toBeNull();
      clearInterval(keeping);
    },
    PATIENT_TEST_MS,
  );

  test(
    'Redis killed: each proxy counts by itself and says so; back: together again, with what still runs',
    async () => {
      const [one, other] = (await startProxies(2)) as [RequestLimits, RequestLimits];
      const who = caller({ user: limitsOf({ parallelRequests: 1 }) });
      const running = passed([await one.enter(who, 10)])[0];
      expect(await other.enter(who, 10)).toMatchObject({ refused: { kind: 'parallel_requests' } });
      await redis.kill();
      await until('both have noticed', () => one.isAway && other.isAway, 60_000);
      const perMinute = caller({ tenant: limitsOf({ requestsPerMinute: 3 }) });
      expect(passed(await ask(perMinute, 12))).toHaveLength(6);
      await redis.start();
      await until('both are back', () => one.isShared && other.isShared, 60_000);
      const later = caller({ product: limitsOf({ requestsPerMinute: 3 }) });
      expect(passed(await ask(later, 12))).toHaveLength(3);
      await expect
        .poll(() => other.enter(who, 10), { timeout: 30_000 })
        .toMatchObject({ refused: { kind: 'parallel_requests' } });
      running?.release(0);
      await expect.poll(async () => passed([await other.enter(who, 10)]).length, { timeout: 30_000 }).toBe(1);
    },
    PATIENT_TEST_MS,
  );

  test(
    'Redis hangs: nobody waits for it longer than once',
    async () => {
      const [proxy] = (await startProxies(1, 300)) as [RequestLimits];
      const who = caller({ user: limitsOf({ requestsPerMinute: 2 }) });
      redis.signal('SIGSTOP');
      try {
        expect(passed([await proxy.enter(who, 10)])).toHaveLength(1);
        expect(proxy.isAway).toBe(true);
        expect(passed(await ask(who, 3))).toHaveLength(1);
      } finally {
        redis.signal('SIGCONT');
      }
      await until('it is back', () => proxy.isShared, 60_000);
    },
    PATIENT_TEST_MS,
  );
});
