import { listedModels } from '@cloudfreedom/contracts';
import { startSimulatedProvider } from '@cloudfreedom/testkit/simulated-provider';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ASK, events, startWorld, stopPostgres, UPSTREAM_KEY, type World } from './proxy-under-test.ts';
import { catalogueModel, SUBJECT_ID, TENANT_ID } from './stub-billing.ts';
import { answerStream } from './stub-upstream.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());
afterAll(stopPostgres);

const USAGE = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
const NOTE = { charge_eur: '0.004217', remaining_eur: '12.50', simulated: false };

describe('an answer in one piece', () => {
  test('has the text, the usage, the charge, and says who served it', async () => {
    const response = await world.chat(ASK, { headers: { 'x-request-id': 'req-1' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-cloudfreedom-charge-eur')).toBe('0.004217');
    expect(response.headers.get('x-cloudfreedom-deployment')).toBe('openai/gpt-upstream');
    expect(response.headers.get('x-request-id')).toBe('req-1');
    expect(await response.json()).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: 'gpt-test',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
      usage: {
        ...USAGE,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 1 },
        cloudfreedom: { ...NOTE, request_id: 'req-1' },
      },
    });
    const [seen] = world.upstream.seen;
    expect(seen?.path).toBe('/v1/chat/completions');
    expect(seen?.headers.authorization).toBe(`Bearer ${UPSTREAM_KEY}`);
    expect(seen?.body).toMatchObject({ model: 'gpt-upstream', max_completion_tokens: 8192 });
  });

  test('is reserved whole and settled exactly, by meter, before it leaves', async () => {
    await (await world.chat({ ...ASK, max_tokens: 100 })).json();
    expect(world.billing.all('reserve')).toMatchObject([
      {
        credential: { type: 'api_key' },
        model: 'gpt-test',
        provider: 'openai',
        simulated: false,
        streamed: false,
        outputTokensCap: 100,
        outputTokensSlice: 100,
        choices: 1,
      },
    ]);
    expect(world.billing.all('settle')).toMatchObject([
      {
        usage: {
          basis: 'exact',
          meters: { uncached_input: 8, cache_read: 4, output_text: 2, reasoning: 1 },
        },
        outcome: 'completed',
        finishReason: 'stop',
        upstreamRequestId: 'req_upstream_1',
      },
    ]);
  });

  test('the upstream is capped at what the budget affords', async () => {
    world.billing.reply = (operation) =>
      operation.op === 'reserve'
        ? {
            status: 'granted',
            ceilingOutputTokens: 40,
            hold: { outputTokens: 40, amount: '0.01', expiresAt: new Date().toISOString() },
            subjectId: SUBJECT_ID,
            apiKeyId: null,
          }
        : undefined;
    await (await world.chat({ ...ASK, max_tokens: 1000 })).json();
    expect(world.upstream.seen[0]?.body.max_completion_tokens).toBe(40);
  });
});

describe('a stream', () => {
  test('comes in order, [DONE] last, without a usage chunk when none was asked for', async () => {
    world.upstream.script = answerStream('One ', 'two ', 'three.');
    const response = await world.chat({ ...ASK, stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-cloudfreedom-deployment')).toBe('openai/gpt-upstream');
    const list = events(await response.text());
    expect(list.at(-1)).toBe('[DONE]');
    const chunks = list.slice(0, -1).map((json) => JSON.parse(json));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One two three.');
    expect(chunks.every((chunk) => chunk.model === 'gpt-test' && chunk.choices.length === 1)).toBe(true);
    expect(chunks.some((chunk) => chunk.usage)).toBe(false);
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop');
  });

  test('ends with usage and charge before [DONE] when asked for', async () => {
    world.upstream.script = answerStream('One');
    const list = events(
      await (await world.chat({ ...ASK, stream: true, stream_options: { include_usage: true } })).text(),
    );
    expect(list.at(-1)).toBe('[DONE]');
    const usage = JSON.parse(list.at(-2) as string);
    expect(usage).toMatchObject({ choices: [], usage: { ...USAGE, cloudfreedom: NOTE } });
    expect(list.slice(0, -2).every((json) => JSON.parse(json).choices.length === 1)).toBe(true);
  });

  test('is settled before [DONE] leaves', async () => {
    world.upstream.script = answerStream('One');
    world.billing.batchMs = 150;
    const response = await world.chat({ ...ASK, stream: true });
    let settledWhenDone: number | undefined;
    for await (const bytes of response.body as ReadableStream<Uint8Array>)
      if (Buffer.from(bytes).includes('[DONE]')) settledWhenDone = world.billing.endings.size;
    expect(settledWhenDone).toBe(1);
  });

  test('carries the CORS and security headers of every answer', async () => {
    world.upstream.script = answerStream('One');
    const response = await world.chat({ ...ASK, stream: true }, { headers: { origin: 'http://chat.test' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://chat.test');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await response.text();
  });
});

describe('who asks', () => {
  test("an access token of identity for this tenant's proxy serves as well as a key", async () => {
    const claims = { sub: SUBJECT_ID, tenant: TENANT_ID, role: 'member', locale: 'de' } as const;
    const token = await world.identity.sign(claims, `proxy/${TENANT_ID}`);
    const response = await world.chat(ASK, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    expect(world.billing.all('reserve')[0]?.credential).toEqual({
      type: 'subject',
      subjectId: SUBJECT_ID,
      issuedAt: expect.stringMatching(/^\d{4}-/),
    });
  });

  test('a token for another audience is refused, and nothing is sent upstream', async () => {
    const claims = { sub: SUBJECT_ID, tenant: TENANT_ID, role: 'member', locale: 'de' } as const;
    const token = await world.identity.sign(claims, 'billing');
    expect((await world.chat(ASK, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect(world.upstream.seen).toHaveLength(0);
  });

  test('with identity down, API keys go on working', async () => {
    await world.identity.close();
    expect((await world.chat(ASK)).status).toBe(200);
  });

  test('what a key may do is asked once, not for each request', async () => {
    for (let count = 0; count < 5; count++) await (await world.chat(ASK)).json();
    expect(world.billing.principalCalls).toBe(1);
  });
});

describe('models', () => {
  const get = (path: string) =>
    fetch(`${world.url}${path}`, { headers: { authorization: `Bearer ${world.billing.apiKey}` } });

  test('the list shows what the caller may use and what is served and priced', async () => {
    world.billing.models = [
      catalogueModel(),
      catalogueModel({ name: 'gpt-free', displayName: 'No price', priced: false }),
      catalogueModel({ name: 'claude-test', provider: 'anthropic' }),
      catalogueModel({ name: 'gpt-other' }),
    ];
    world.billing.principal.models = ['gpt-test', 'gpt-free', 'claude-test'];
    const list = listedModels.parse(await (await get('/v1/models')).json());
    expect(list.data.map(({ id, name, simulated }) => ({ id, name, simulated }))).toEqual([
      { id: 'gpt-test', name: 'GPT Test', simulated: false },
    ]);
    expect((await get('/v1/models/gpt-test')).status).toBe(200);
    const missing = await get('/v1/models/claude-test');
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  test('an embedding model is listed as one, and answers no chat', async () => {
    world.billing.models = [catalogueModel({ name: 'vectors', kind: 'embedding' })];
    world.billing.principal.models = ['vectors'];
    expect(await (await get('/v1/models/vectors')).json()).toMatchObject({ kind: 'embedding', output_tokens_max: 0 });
    const refused = await world.chat({ ...ASK, model: 'vectors' });
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({
      error: { code: 'model_not_found', param: 'model', message: expect.stringContaining('/v1/embeddings') },
    });
    expect(world.billing.batches).toEqual([]);
  });

  test('without a key the list is not shown', async () => {
    expect((await fetch(`${world.url}/v1/models`)).status).toBe(401);
  });
});

describe('operation', () => {
  test('health, readiness, metrics and the API description', async () => {
    await (await world.chat(ASK)).json();
    expect((await fetch(`${world.url}/health`)).status).toBe(200);
    expect((await fetch(`${world.url}/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    const labels = 'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-test"';
    expect(metrics).toContain(
      `gen_ai_server_request_duration_seconds_count{service="proxy",${labels},error_type=""} 1`,
    );
    expect(metrics).toContain(
      `gen_ai_client_token_usage_total{${labels},gen_ai_token_type="cache_read",service="proxy"} 4`,
    );
    for (const step of ['authenticate', 'limit', 'resolve', 'bound', 'reserve', 'call', 'relay', 'settle'])
      expect(metrics).toContain(`cloudfreedom_step_duration_seconds_count{service="proxy",step="${step}"} 1`);
    expect(metrics).toMatch(/cloudfreedom_proxy_outbox_depth\{.*\} 0/);
    const description = (await (await fetch(`${world.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(description.paths)).toContain('/v1/chat/completions');
  });
});

describe('the simulated provider', () => {
  let simulated: Awaited<ReturnType<typeof startSimulatedProvider>>;
  beforeAll(async () => {
    simulated = await startSimulatedProvider();
  });
  afterAll(() => simulated.close());

  const MODELS = [
    catalogueModel({ name: 'claude-test', displayName: 'Claude Test', provider: 'anthropic' }),
    catalogueModel({ name: 'gemini-test', displayName: 'Gemini Test', provider: 'gemini' }),
    catalogueModel({ name: 'gpt-test' }),
  ];

  test.each(['gpt-test', 'claude-test', 'gemini-test'])(
    '%s: streamed and whole, marked as simulated',
    async (model) => {
      await world.close();
      world = await startWorld({ SIMULATED_PROVIDER_URL: simulated.url, OPENAI_API_KEY: '' });
      world.billing.models = MODELS;
      world.billing.principal.models = MODELS.map(({ name }) => name);
      const whole = await world.chat({ ...ASK, model });
      expect(whole.headers.get('x-cloudfreedom-deployment')).toMatch(/; simulated$/);
      const answer = (await whole.json()) as { usage: { cloudfreedom: unknown }; choices: unknown[] };
      expect(answer.usage.cloudfreedom).toMatchObject({ simulated: true });
      const text = await (await world.chat({ ...ASK, model, stream: true })).text();
      expect(events(text).at(-1)).toBe('[DONE]');
      expect(world.billing.all('settle').map(({ usage, outcome }) => [usage.basis, outcome])).toEqual([
        ['exact', 'completed'],
        ['exact', 'completed'],
      ]);
      expect(world.billing.all('reserve').every((operation) => operation.simulated)).toBe(true);
      const list = await fetch(`${world.url}/v1/models/${model}`, {
        headers: { authorization: `Bearer ${world.billing.apiKey}` },
      });
      expect(((await list.json()) as { name: string }).name).toMatch(/\(simulated\)$/);
    },
  );

  test.each([
    ['demo', 'with-a-key', '; simulated'],
    ['demo', '', '; simulated'],
    ['dev', '', '; simulated'],
    ['dev', 'with-a-key', 'openai/gpt-upstream'],
    ['enterprise', '', null],
    ['internal', '', null],
  ] as const)('%s tenant, key %j: %s', async (type, key, deployment) => {
    await world.close();
    world = await startWorld({ SIMULATED_PROVIDER_URL: simulated.url, ...(key === '' && { OPENAI_API_KEY: '' }) });
    world.billing.tenantType = type;
    const answer = await world.chat(ASK);
    const served = answer.headers.get('x-cloudfreedom-deployment');
    if (deployment === null) expect(answer.status).toBe(404);
    else expect(served).toMatch(new RegExp(`${deployment}$`));
  });
});
