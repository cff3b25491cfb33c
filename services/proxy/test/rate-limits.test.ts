/** Rate limits as clients see them: two proxies on one Redis, over HTTP and by OpenAI's own SDK. */
import { audienceOf } from '@cloudfreedom/contracts';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ASK, errorOf, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { hasRedis, type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { NO_LIMITS, TENANT_ID } from './stub-billing.ts';
import { answerStream, startStream, textChunk } from './stub-upstream.ts';

const PATIENT_MS = 90_000;
const STREAM = { ...ASK, stream: true };

describe.skipIf(!hasRedis)(`two proxies on one Redis${whyNoRedis}`, () => {
  let redis: RedisServer;
  let worlds: [World, World];
  let one: World;
  let other: World;
  let people = 0;
  const tokens = new Map<World, string>();

  beforeAll(async () => {
    redis = await startRedis();
    worlds = [await startWorld({ REDIS_URL: redis.url }), await startWorld({ REDIS_URL: redis.url })];
    [one, other] = worlds;
    await bothAre('ready');
  }, PATIENT_MS);
  beforeEach(newPerson);
  afterEach(() => {
    for (const { billing } of worlds) billing.batchMs = 0;
  });
  afterAll(async () => {
    for (const world of worlds) await world.close();
    await stopPostgres();
    await redis.kill();
  }, PATIENT_MS);

  /** A proxy knows a caller for half a minute; somebody new is asked for afresh. */
  async function newPerson(): Promise<void> {
    people += 1;
    const number = String(people).padStart(8, '0');
    for (const world of worlds) {
      const { billing, upstream, identity } = world;
      const subjectId = `subject${number}`;
      billing.batches = [];
      billing.principal = {
        ...billing.principal,
        subjectId,
        apiKeyId: `apikey0${number}`,
        limits: structuredClone(NO_LIMITS),
      };
      upstream.script = answerStream('x');
      const subject = { sub: subjectId, tenant: TENANT_ID, role: 'member', locale: 'en' } as const;
      tokens.set(world, await identity.sign(subject, audienceOf.proxy(TENANT_ID)));
    }
  }
  const chat = (world: World, body: unknown = STREAM, { headers, ...init }: RequestInit = {}) =>
    world.chat(body, { ...init, headers: { ...headers, authorization: `Bearer ${tokens.get(world)}` } });
  function limit(level: keyof typeof NO_LIMITS, limits: Partial<(typeof NO_LIMITS)['user']>): void {
    for (const { billing } of worlds) billing.principal.limits[level] = { ...NO_LIMITS.user, ...limits };
  }
  const degradedOf = async ({ url }: World) =>
    ((await (await fetch(`${url}/ready`)).json()) as { degraded?: string[] }).degraded;
  async function bothAre(state: 'ready' | 'alone'): Promise<void> {
    await until(
      `both proxies are ${state}`,
      async () => {
        const told = await Promise.all(worlds.map(degradedOf));
        return told.every((degraded) => (degraded === undefined) === (state === 'ready'));
      },
      60_000,
    );
  }

  test('requests: OpenAI’s headers count down over both, then 429 with a true retry-after; it leaves no hold', async () => {
    limit('user', { requestsPerMinute: 2 });
    const first = await chat(one);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-reset-requests')).toMatch(/^(\d+m)?[\d.]+s$/);
    expect(first.headers.has('x-ratelimit-limit-tokens')).toBe(false);
    const second = await chat(other);
    expect(second.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    await Promise.all([first.text(), second.text()]);
    const refused = await chat(one);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(65);
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(await errorOf(refused)).toMatchObject({
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      message: `Rate limit reached: at most 2 requests per minute are allowed for you. Please try again in ${seconds} s.`,
      rate_limit: { kind: 'requests_per_minute', level: 'user', limit: 2 },
    });
    const granted = one.billing.all('reserve').map(({ reservationId }) => reservationId);
    const ended = [...one.billing.all('settle'), ...one.billing.all('void')].map(({ reservationId }) => reservationId);
    expect(ended.sort()).toEqual(granted.sort());
  });

  test('tokens: what was used in the end counts; a request that can never fit says how it would', async () => {
    limit('tenant', { tokensPerMinute: 3_000 });
    const first = await chat(one, { ...STREAM, max_tokens: 100 });
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('3000');
    expect(Number(first.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(2_901);
    await first.text();
    const german = { headers: { 'accept-language': 'de' } };
    const refused = await chat(
      other,
      { ...STREAM, messages: [{ role: 'user', content: 'word '.repeat(4_000) }] },
      german,
    );
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(refused.headers.has('retry-after')).toBe(false);
    expect((await errorOf(refused)).message).toMatch(
      /^Diese Anfrage ist zu groß: Sie zählt 6\.\d{3} Token, erlaubt sind für Ihre Organisation höchstens 3\.000 Token je Minute\. Kürzen Sie/,
    );
  });

  test(
    'requests at once: a client that hangs up makes room at the other proxy',
    async () => {
      limit('api_key', { parallelRequests: 1 });
      one.upstream.script = (response) => {
        startStream(response);
        response.write(textChunk('x'));
      };
      const left = new AbortController();
      const running = await chat(one, STREAM, { signal: left.signal });
      const refused = await chat(other);
      expect(await errorOf(refused)).toMatchObject({
        rate_limit: { kind: 'parallel_requests', level: 'api_key', limit: 1 },
      });
      left.abort();
      await running.text().catch(() => {});
      await expect.poll(async () => (await chat(other)).status, { timeout: 60_000 }).toBe(200);
    },
    PATIENT_MS,
  );

  test('OpenAI’s SDK throws its RateLimitError, with the headers', async () => {
    limit('product', { requestsPerMinute: 1 });
    for (const { billing } of worlds) billing.principal.productId = 'plan00000000001';
    const client = new OpenAI({ apiKey: tokens.get(one) ?? '', baseURL: `${one.url}/v1`, maxRetries: 0 });
    const ask = () =>
      client.chat.completions.create({ ...ASK, messages: [{ role: 'user', content: 'Hi' }], stream: true });
    await ask();
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect((error as InstanceType<typeof OpenAI.RateLimitError>).headers.get('x-ratelimit-limit-requests')).toBe('1');
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  });

  test(
    'billing is slower than Redis: the hold that it still grants is given back',
    async () => {
      limit('user', { tokensPerMinute: 1_500 });
      one.billing.batchMs = 300;
      const statuses = await Promise.all([chat(one), chat(one)].map(async (answer) => (await answer).status));
      expect(statuses.sort()).toEqual([200, 429]);
      await until(
        'nothing is held',
        () => one.billing.all('settle').length + one.billing.all('void').length === one.billing.all('reserve').length,
      );
    },
    PATIENT_MS,
  );

  test(
    'Redis gone: /ready says so, limits hold at each proxy; back: they hold for both',
    async () => {
      await redis.kill();
      await bothAre('alone');
      limit('user', { requestsPerMinute: 1 });
      expect((await chat(one)).status).toBe(200);
      expect((await chat(one)).status).toBe(429);
      expect((await chat(other)).status).toBe(200);
      await redis.start();
      await bothAre('ready');
      expect((await chat(one)).status).toBe(200);
      expect((await chat(other)).status).toBe(429);
    },
    PATIENT_MS,
  );
});
