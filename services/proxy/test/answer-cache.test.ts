/** Earlier answers again: against a real Redis, by each client API, to models of each provider. */
import { audienceOf } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MODEL_NAMES, type SimulatedWorld, startSimulatedWorld } from './clients/simulated-world.ts';
import { errorOf, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { hasRedis, type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';
import { NO_LIMITS, refused, TENANT_ID } from './stub-billing.ts';

const PATIENT_MS = 90_000;
const ON = { 'x-cloudfreedom-cache': 'on' };
type Asked = Record<string, unknown>;

/** Each client API, as it is asked something. */
const SURFACES: { path: string; body: (text: string) => Asked }[] = [
  {
    path: '/v1/chat/completions',
    body: (text) => ({ messages: [{ role: 'user', content: text }], stream_options: { include_usage: true } }),
  },
  { path: '/v1/completions', body: (prompt) => ({ prompt, max_tokens: 500, stream_options: { include_usage: true } }) },
  { path: '/v1/responses', body: (input) => ({ input }) },
  {
    path: '/v1/messages',
    body: (text) => ({ max_tokens: 200, messages: [{ role: 'user', content: text }] }),
  },
];

/** What differs between two answers that say the same: their names, times and the charge. */
function sameWords(text: string): string {
  return text
    .replace(/"cloudfreedom":\{[^}]*\}/g, '"cloudfreedom":{}')
    .replace(/(chatcmpl|cmpl|resp|msg|rs|fc|item)[-_][\w-]+/g, '$1')
    .replace(/"(created|created_at|completed_at)":\d+/g, '"$1":0');
}

describe.skipIf(!hasRedis)(`the answer cache${whyNoRedis}`, () => {
  let redis: RedisServer;
  let world: SimulatedWorld;
  let ownOnly: SimulatedWorld;
  let people = 0;
  let asked = 0;

  beforeAll(async () => {
    redis = await startRedis();
    [world, ownOnly] = [await startCaching('tenant'), await startCaching('person')];
  }, PATIENT_MS);
  beforeEach(() => {
    for (const { billing, provider } of [world, ownOnly]) {
      billing.batches = [];
      billing.reply = () => undefined;
      provider.requests.length = 0;
    }
  });
  afterAll(async () => {
    for (const one of [world, ownOnly]) await one.close();
    await stopPostgres();
    await redis.kill();
  }, PATIENT_MS);

  async function startCaching(rule: 'tenant' | 'person'): Promise<SimulatedWorld> {
    const started = await startSimulatedWorld({ REDIS_URL: redis.url });
    started.billing.answerCache = rule;
    // The connection is made when it is wanted first.
    await until('answers are kept', async () => {
      const ask = () => send(started, { path: '/v1/chat/completions', body: chat(`warm ${rule}`) });
      return (await (await ask()).text()) !== '' && (await ask()).headers.get('x-cloudfreedom-cache') === 'hit';
    });
    return started;
  }
  /** A question that nobody asked yet. */
  const newText = () => `question ${++asked}`;
  const chat = (content: string, more: Asked = {}) => ({
    model: MODEL_NAMES[0],
    messages: [{ role: 'user', content }],
    ...more,
  });
  function send(
    { url, apiKey }: { url: string; apiKey: string },
    { path, body, headers = ON }: { path: string; body: Asked; headers?: Record<string, string> },
    credential = apiKey,
  ): Promise<Response> {
    return fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}`, ...headers },
      body: JSON.stringify(body),
    });
  }
  const ask = (body: Asked, headers: Record<string, string> = ON) =>
    send(world, { path: '/v1/chat/completions', body, headers });
  /** What is kept is kept in the background. */
  async function askUntilHit(body: Asked): Promise<Response> {
    let answer = await ask(body);
    await until('it is kept', async () => {
      await answer.text();
      answer = await ask(body);
      return answer.headers.get('x-cloudfreedom-cache') === 'hit';
    });
    return answer;
  }
  async function somebody(at: SimulatedWorld): Promise<string> {
    people += 1;
    const sub = `subject${String(people).padStart(8, '0')}`;
    at.billing.principal = { ...at.billing.principal, subjectId: sub };
    return at.identity.sign({ sub, tenant: TENANT_ID, role: 'member', locale: 'en' }, audienceOf.proxy(TENANT_ID));
  }

  const cells = SURFACES.flatMap(({ path, body }) =>
    MODEL_NAMES.flatMap((model) => [false, true].map((stream) => ({ path, model, stream, body }))),
  );
  test.each(cells)(
    '$path to $model, stream $stream: word for word, charged nothing',
    async ({ path, body, ...rest }) => {
      const order = { path, body: { ...body(newText()), ...rest } };
      const first = await send(world, order);
      const text = await first.text();
      expect([first.status, first.headers.get('x-cloudfreedom-cache')], text).toEqual([200, 'miss']);
      let again = await send(world, order);
      let repeated = await again.text();
      await until('it is kept', async () => {
        if (again.headers.get('x-cloudfreedom-cache') === 'hit') return true;
        again = await send(world, order);
        repeated = await again.text();
        return false;
      });
      expect(sameWords(repeated)).toBe(sameWords(text));
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      expect(repeated).toContain('"cached":true');
      expect(repeated).toContain('"charge_eur":"0.00"');
      expect(text).not.toContain('"cached"');
      const { op: _op, ...booked } = world.billing.all('reserve').at(-1) ?? { op: '' };
      expect(booked).toMatchObject({ inputTokensMax: 0, outputTokensCap: 0, outputTokensSlice: 0 });
      expect(world.billing.all('settle').at(-1)).toMatchObject({
        outcome: 'cached',
        usage: { basis: 'exact', meters: {} },
        firstByteMs: null,
      });
    },
  );

  test('no provider is asked, and one line of the metrics tells it', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    const before = world.provider.requests.length;
    const hits = await hitsOf(world);
    const answer = await ask(body);
    expect(answer.headers.get('x-cloudfreedom-charge-eur')).toBe('0.00');
    expect(answer.headers.get('x-cloudfreedom-attempts')).toBe('0');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(world.provider.requests).toHaveLength(before);
    expect(await hitsOf(world)).toBe(hits + 1);
  });

  test('off unless the request asks for it; another word is refused by name', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    for (const headers of [{}, { 'x-cloudfreedom-cache': 'off' }, { ...ON, 'cache-control': 'no-store' }]) {
      const answer = await ask(body, headers);
      expect([answer.status, answer.headers.get('x-cloudfreedom-cache')]).toEqual([200, null]);
      await answer.text();
    }
    const wrong = await ask(body, { 'x-cloudfreedom-cache': 'yes' });
    expect([wrong.status, (await errorOf(wrong)).param]).toEqual([400, 'X-CloudFreedom-Cache']);
  });

  test('no-cache makes a new answer, which is kept', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    const before = world.provider.requests.length;
    const fresh = await ask(body, { ...ON, 'cache-control': 'no-cache' });
    expect(fresh.headers.get('x-cloudfreedom-cache')).toBe('miss');
    await fresh.text();
    expect(world.provider.requests).toHaveLength(before + 1);
    expect((await askUntilHit(body)).status).toBe(200);
  });

  test.each([
    ['temperature', { temperature: 0.5 }],
    ['seed', { seed: 1 }],
    ['the end user', { user: 'somebody' }],
    ['a tool', { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] }],
    ['the form', { stream: true }],
    ['an unknown field', { metadata: { a: 'b' } }],
    ['the model', { model: MODEL_NAMES[1] }],
  ])('another request by %s gets an answer of its own', async (_what, change) => {
    const text = newText();
    await askUntilHit(chat(text));
    const other = await ask(chat(text, change));
    await other.text();
    expect([other.status, other.headers.get('x-cloudfreedom-cache')]).toEqual([200, 'miss']);
  });

  test('what the provider would be told otherwise today is asked anew', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    const token = await somebody(world);
    world.billing.principal = { ...world.billing.principal, outputCapTokens: 100 };
    const capped = await send(world, { path: '/v1/chat/completions', body }, token);
    world.billing.principal = { ...world.billing.principal, outputCapTokens: 0 };
    expect(capped.headers.get('x-cloudfreedom-cache')).toBe('miss');
  });

  test('by its rule the whole tenant shares answers, or nobody does', async () => {
    for (const [at, expected] of [
      [world, 'hit'],
      [ownOnly, 'miss'],
    ] as const) {
      const order = { path: '/v1/chat/completions', body: chat(newText()) };
      const own = await somebody(at);
      await until('it is kept', async () => {
        const answer = await send(at, order, own);
        await answer.text();
        return answer.headers.get('x-cloudfreedom-cache') === 'hit';
      });
      const other = await send(at, order, await somebody(at));
      await other.text();
      expect(other.headers.get('x-cloudfreedom-cache')).toBe(expected);
    }
  });

  test.each([
    ['cut at its cap', { max_completion_tokens: 1 }],
    ['an error', { messages: [{ role: 'user', content: '[[simulate error=500]]' }] }],
    ['several choices', { n: 2 }],
  ])('never kept: %s', async (_what, change) => {
    const body = chat(newText(), change);
    for (let time = 0; time < 3; time++) {
      const answer = await ask(body);
      await answer.text();
      expect(answer.headers.get('x-cloudfreedom-cache')).not.toBe('hit');
    }
  });

  test('never kept: what the budget afforded less of, and what nobody waited for', async () => {
    const body = chat(newText());
    world.billing.reply = (operation) =>
      operation.op === 'reserve'
        ? {
            status: 'granted',
            ceilingOutputTokens: operation.outputTokensCap - 1,
            hold: { outputTokens: 500, amount: '0.01', expiresAt: new Date(Date.now() + 60_000).toISOString() },
            subjectId: world.billing.principal.subjectId,
            apiKeyId: null,
          }
        : undefined;
    for (let time = 0; time < 3; time++) {
      const answer = await ask(body);
      await answer.text();
      expect(answer.headers.get('x-cloudfreedom-cache')).toBe('miss');
    }
  });

  test('an answer to a responses request that is kept for the next one is not shared', async () => {
    const keeping = await startSimulatedWorld({ REDIS_URL: redis.url, RESPONSES_RETENTION_DAYS: '1' });
    keeping.billing.answerCache = 'tenant';
    const body = { model: MODEL_NAMES[0], input: newText() };
    const states = [];
    for (const store of [undefined, undefined, false]) {
      const answer = await send(keeping, { path: '/v1/responses', body: { ...body, store } });
      await answer.text();
      states.push(answer.headers.get('x-cloudfreedom-cache'));
    }
    await keeping.close();
    expect(states).toEqual(['off', 'off', 'miss']);
  });

  test.each(['subject_suspended', 'invalid_api_key', 'model_not_allowed', 'tenant_suspended'] as const)(
    'who may not ask any more gets no earlier answer either: %s',
    async (code) => {
      const body = chat(newText());
      await askUntilHit(body);
      world.billing.reply = ({ op }) =>
        op === 'reserve'
          ? { ...refused(code), budget: null }
          : { status: 'rejected', code: 'reservation_not_found', message: '' };
      const answer = await ask(body);
      const { code: told } = await errorOf(answer);
      expect([answer.status >= 400, told]).toEqual([true, code === 'model_not_allowed' ? 'model_not_found' : code]);
    },
  );

  test('it counts as a request', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    const token = await somebody(world);
    const limits = { ...NO_LIMITS, user: { ...NO_LIMITS.user, requestsPerMinute: 2, tokensPerMinute: 100_000 } };
    world.billing.principal = { ...world.billing.principal, limits };
    const states = [];
    for (let time = 0; time < 3; time++) {
      const answer = await send(world, { path: '/v1/chat/completions', body }, token);
      await answer.text();
      states.push([answer.status, answer.headers.get('x-ratelimit-remaining-requests')]);
    }
    world.billing.principal = { ...world.billing.principal, limits: NO_LIMITS };
    expect(states).toEqual([
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ]);
  });

  test('an Idempotency-Key is free again after it', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    for (let time = 0; time < 2; time++) {
      const answer = await ask(body, { ...ON, 'idempotency-key': 'one key' });
      await answer.text();
      expect([answer.status, answer.headers.get('x-cloudfreedom-cache')]).toEqual([200, 'hit']);
    }
  });

  test('Redis gone: every request has its answer', async () => {
    const body = chat(newText());
    await askUntilHit(body);
    await redis.kill();
    const answer = await ask(body);
    expect([answer.status, answer.headers.get('x-cloudfreedom-cache')]).toEqual([200, 'miss']);
    expect(await answer.text()).toContain('choices');
    await redis.start();
    await askUntilHit(body);
  });

  test('off where the tenant says nothing', async () => {
    const plain: World = await startWorld({ REDIS_URL: redis.url });
    const answer = await plain.chat({ model: 'gpt-test', messages: [{ role: 'user', content: 'x' }] }, { headers: ON });
    await answer.text();
    await plain.close();
    expect(answer.headers.get('x-cloudfreedom-cache')).toBe('off');
  });
});

async function hitsOf({ url }: { url: string }): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^cloudfreedom_answer_cache_requests_total\{.*result="hit".*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}
