/** Where bytes would refuse a request that the budget affords, providers that count decide: asked once, bounded, only then. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tighten } from '../src/inference/tighten.ts';
import { adapters } from '../src/providers/registry.ts';
import { chatCompletion } from '../src/surfaces/chat/index.ts';
import { type SimulatedWorld, startSimulatedWorld } from './clients/simulated-world.ts';
import { loadCases, SHARED_CASES, SKIPPED } from './providers/recorded-cases.ts';
import { startWorld, stopPostgres, type World } from './proxy-under-test.ts';
import { catalogueModel, refused } from './stub-billing.ts';

/** About 4,500 bytes and 1,000 tokens. */
const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(100);
const AFFORDED = 2_000;
const QUICKLY = '[[simulate length=3 first_byte_ms=0 tokens_per_second=10000]]';

const DEPLOYMENT = {
  model: catalogueModel({ name: 'claude', provider: 'anthropic', upstreamModel: 'claude-opus-4-6' }),
  api: 'anthropic' as const,
  simulated: false,
  server: { baseUrl: 'http://provider.test', fromDirectory: false },
  keyName: null,
};

afterAll(stopPostgres);

/** A budget of so many input tokens. The figures say that counting could help. */
function affordUpTo(world: World, inputTokens: number, figures: object = {}): void {
  const answer = refused('insufficient_quota');
  const budget = answer.budget && { ...answer.budget, ...figures };
  world.billing.reply = (operation) =>
    operation.op === 'reserve' && operation.inputTokensMax > inputTokens ? { ...answer, budget } : undefined;
}

const bodiesOf = (model: string, text: string) => ({
  '/v1/chat/completions': { model, messages: [{ role: 'user', content: `${text} ${QUICKLY}` }], max_tokens: 50 },
  '/v1/messages': { model, messages: [{ role: 'user', content: `${text} ${QUICKLY}` }], max_tokens: 50 },
  '/v1/responses': { model, input: `${text} ${QUICKLY}`, max_output_tokens: 50 },
});
type Path = keyof ReturnType<typeof bodiesOf>;
const PATHS = Object.keys(bodiesOf('', '')) as Path[];

function post(world: World, path: Path, model: string, text = LONG, init: RequestInit = {}): Promise<Response> {
  return fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.billing.apiKey}` },
    body: JSON.stringify(bodiesOf(model, text)[path]),
    ...init,
  });
}

describe.each(['claude-sonnet-5', 'gemini-3.5-flash'])('%s', (model) => {
  let world: SimulatedWorld;
  beforeAll(async () => {
    world = await startSimulatedWorld();
  });
  afterAll(() => world?.close());
  afterEach(() => {
    world.billing.batches = [];
    world.provider.requests.length = 0;
  });
  const isCount = ({ path }: { path: string }) => /count_?tokens/i.test(path);
  const counts = () => world.provider.requests.filter(isCount);
  const answers = () => world.provider.requests.filter((request) => !isCount(request));

  test.each(PATHS)('%s: refused by its bytes, served by its count', async (path) => {
    affordUpTo(world, AFFORDED);
    const response = await post(world, path, model);
    expect(response.status, await response.text()).toBe(200);
    const [wide, close, ...others] = world.billing.all('reserve');
    expect(wide?.inputTokensMax).toBeGreaterThan(LONG.length);
    expect(others).toEqual([]);
    expect([counts().length, answers().length]).toEqual([1, 1]);
    // Still a bound of what is settled then.
    const [settled] = world.billing.all('settle');
    const { uncached_input = 0, cache_read = 0, cache_write = 0 } = settled?.usage.meters ?? {};
    const used = uncached_input + cache_read + cache_write;
    expect(used).toBeGreaterThan(500);
    expect(close?.inputTokensMax).toBeGreaterThanOrEqual(used);
    expect(close?.inputTokensMax).toBeLessThan(AFFORDED);
  });

  test('a budget that affords the bytes: nobody counts', async () => {
    affordUpTo(world, 100_000);
    expect((await post(world, '/v1/chat/completions', model)).status).toBe(200);
    expect([counts().length, world.billing.all('reserve').length]).toEqual([0, 1]);
  });

  test('too much by the count as well: refused, after one count', async () => {
    affordUpTo(world, 200);
    expect((await post(world, '/v1/chat/completions', model)).status).toBe(429);
    expect([counts().length, answers().length, world.billing.all('reserve').length]).toEqual([1, 0, 2]);
  });

  test('nothing left, or far too little: refused without a count, however often it is asked', async () => {
    for (const figures of [{ spent: '20.00' }, { needed: '0.09' }]) {
      affordUpTo(world, AFFORDED, figures);
      expect((await post(world, '/v1/chat/completions', model)).status).toBe(429);
    }
    expect([counts().length, world.billing.all('reserve').length]).toEqual([0, 2]);
  });
});

describe('a provider that counts badly', () => {
  let server: Server;
  let world: World;
  let count: (respond: (status: number, body: string) => void) => void;
  const seen: { path: string; body: Record<string, unknown> }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (bytes) => {
        text += bytes;
      });
      request.on('end', () => {
        seen.push({ path: request.url ?? '', body: JSON.parse(text) });
        const answer = {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'text', text: 'Hi' }],
          model: 'm',
          id: 'm',
        };
        const whole = { ...answer, stop_reason: 'end_turn', usage: { input_tokens: 700, output_tokens: 2 } };
        const respond = (status: number, body: string) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(body);
        if (request.url?.endsWith('/count_tokens')) count(respond);
        else respond(200, JSON.stringify(whole));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    world = await startWorld({ ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: address });
    world.billing.models = [
      catalogueModel({ name: 'claude', provider: 'anthropic', upstreamModel: 'claude-opus-4-6', reasoning: 'visible' }),
    ];
    world.billing.principal.models = ['claude'];
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await world?.close();
  });
  afterEach(() => {
    world.billing.batches = [];
    seen.length = 0;
  });

  test.each([
    ['an error', 500, '{"type":"error","error":{"type":"api_error","message":"no"}}'],
    ['a limit of its own', 429, '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}'],
    ['no count', 200, '{"input_tokens":"many"}'],
    ['no JSON', 200, '<html>'],
  ])('%s: the refusal by bytes stands, and the next request is served as ever', async (_name, status, body) => {
    affordUpTo(world, AFFORDED);
    count = (respond) => respond(status, body);
    expect((await post(world, '/v1/messages', 'claude')).status).toBe(429);
    expect(world.billing.all('reserve')).toHaveLength(1);
    // Neither did a circuit open nor does a key rest.
    affordUpTo(world, 100_000);
    expect((await post(world, '/v1/messages', 'claude')).status).toBe(200);
  });

  test('no answer: given up in time', async () => {
    affordUpTo(world, AFFORDED);
    count = () => {};
    expect((await post(world, '/v1/messages', 'claude')).status).toBe(429);
  });

  const recorded = (loadCases(SHARED_CASES) ?? []).find(({ id }) => id === 'anthropic/count-tokens');
  test.skipIf(!recorded)(`a recorded count decides, asked as it was recorded${recorded ? '' : SKIPPED}`, async () => {
    affordUpTo(world, 1_000);
    count = (respond) => respond(200, `${recorded?.body}`);
    const asked = { ...recorded?.request, model: 'claude', tool_choice: { type: 'auto' } };
    const request = { ...asked, max_tokens: 900, stream: false, metadata: { user_id: 'u' }, system: LONG };
    const response = await post(world, '/v1/messages', 'claude', '', { body: JSON.stringify(request) });
    expect(response.status, await response.text()).toBe(200);
    const expected = recorded?.expected as { input_tokens?: number } | undefined;
    const tokens = expected?.input_tokens ?? 0;
    expect(tokens).toBe(671);
    const [wide, close] = world.billing.all('reserve');
    expect(wide?.inputTokensMax).toBeGreaterThan(LONG.length);
    expect(close?.inputTokensMax).toBeGreaterThanOrEqual(tokens);
    expect(close?.inputTokensMax).toBeLessThan(tokens * 1.1);
    const [sent] = seen;
    expect(sent?.path).toBe('/v1/messages/count_tokens');
    expect(sent?.body).toEqual({ ...asked, model: 'claude-opus-4-6', system: LONG });
  });
});

test('what a request only refers to may be more than is counted: nobody is asked, and the bound stays', async () => {
  const refusedFor = refused('insufficient_quota').budget;
  if (!refusedFor) throw new Error('the stub told no figures');
  const demand = chatCompletion({ model: 'claude', messages: [{ role: 'user', content: LONG }] }).measure(DEPLOYMENT);
  let built = 0;
  const order = {
    deployment: DEPLOYMENT,
    adapter: adapters.anthropic,
    refused: refusedFor,
    clientGone: AbortSignal.any([]),
    request: () => {
      built += 1;
      return null;
    },
  };
  const parts = {} as Parameters<typeof tighten>[0];
  await tighten(parts, { ...order, demand });
  expect(built).toBe(1);
  const unbounded = { ...demand, input: { ...demand.input, unbounded: true } };
  expect([await tighten(parts, { ...order, demand: unbounded }), built]).toEqual([null, 1]);
});

describe('the form of a count', () => {
  const shared = loadCases(SHARED_CASES) ?? [];
  test.skipIf(shared.length === 0)(`recorded answers are read${shared.length === 0 ? SKIPPED : ''}`, () => {
    const counted = shared.filter(({ endpoint }) => /count_?tokens/i.test(endpoint));
    expect(counted.map(({ id }) => id).sort()).toEqual(['anthropic/count-tokens', 'gemini/count-tokens']);
    for (const { provider, body, expected } of counted) {
      const { counting } = adapters[provider as 'anthropic' | 'gemini'];
      expect(counting?.readCount(body.toString())).toBe((expected as { input_tokens?: number }).input_tokens);
    }
  });

  test('Gemini is asked with the whole request, of the model that would answer', () => {
    const request = {
      path: '/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
      headers: {},
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], tools: [{ googleSearch: {} }] }),
    };
    const counting = adapters.gemini.counting?.countOf(request);
    expect(counting?.path).toBe('/v1beta/models/gemini-3.5-flash:countTokens');
    expect(JSON.parse(counting?.body ?? '')).toEqual({
      generateContentRequest: { model: 'models/gemini-3.5-flash', ...JSON.parse(request.body) },
    });
  });
});
