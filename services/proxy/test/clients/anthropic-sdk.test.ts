/** Anthropic's own SDK against the proxy, with models of all three providers: nothing but its base URL and its key is changed. */
import Anthropic, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stopPostgres, until } from '../proxy-under-test.ts';
import { catalogueModel } from '../stub-billing.ts';
import { MODEL_NAMES, MODELS, type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

let world: SimulatedWorld;
let client: Anthropic;
beforeAll(async () => {
  world = await startSimulatedWorld();
  world.billing.models = MODELS.map(({ name, provider }) =>
    catalogueModel({ name, provider, upstreamModel: name, reasoning: 'visible' }),
  );
  client = new Anthropic({ baseURL: world.url, apiKey: world.apiKey });
});
beforeEach(() => {
  world.billing.batches = [];
  world.provider.requests.length = 0;
});
afterEach(() => {
  world.billing.reply = () => undefined;
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const ask = (content: string) => [{ role: 'user' as const, content }];
const base = (model: string, content: string) => ({ model, max_tokens: 500, messages: ask(content) });
const PIXEL = 'iVBORw0KGgo=';

describe.each(MODEL_NAMES)('%s', (model) => {
  test('create', async () => {
    const answer = await client.messages.create(base(model, 'What is a budget?'));
    expect(answer).toMatchObject({ type: 'message', role: 'assistant', model, stop_reason: 'end_turn' });
    expect(answer.id).toMatch(/^msg_/);
    expect(answer.content).toMatchObject([{ type: 'text', text: expect.stringMatching(/budget/) }]);
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
    expect(answer.usage).toMatchObject({ cloudfreedom: { charge_eur: '0.004217', simulated: true } });
    expect(answer._request_id).toMatch(/^[\w-]{10,}$/);
    expect(settledRequests(world)).toBe(1);
  });

  test('system, several turns, pictures, a cap and stop sequences', async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL };
    const answer = await client.messages.create({
      model,
      max_tokens: 5,
      system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source },
            { type: 'text', text: 'Hello' },
          ],
        },
        { role: 'assistant', content: 'Hi.' },
        { role: 'user', content: 'What is a ledger?' },
      ],
      stop_sequences: ['never to be found'],
      metadata: { user_id: 'somebody' },
    });
    expect(answer.stop_reason).toBe('max_tokens');
    expect(answer.usage.output_tokens).toBeLessThanOrEqual(5);
    expect(JSON.stringify(world.provider.requests[0]?.body)).toContain(PIXEL);
  });

  test('stream, raw and with the helper', async () => {
    const events = [];
    for await (const event of await client.messages.create({ ...base(model, 'What is a budget?'), stream: true }))
      events.push(event);
    const types = events.map(({ type }) => type);
    expect([types[0], types.at(-2), types.at(-1)]).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(events.at(-2)).toMatchObject({ usage: { cloudfreedom: { charge_eur: '0.004217' } } });

    let seen = '';
    const stream = client.messages.stream(base(model, 'What is a budget?')).on('text', (text) => {
      seen += text;
    });
    const final = await stream.finalMessage();
    expect(final.content).toMatchObject([{ type: 'text', text: seen }]);
    expect(final).toMatchObject({ model, stop_reason: 'end_turn' });
    expect(final.usage.input_tokens).toBeGreaterThan(0);
    expect(final.usage.output_tokens).toBeGreaterThan(1);
    expect(settledRequests(world)).toBe(2);
  });

  test.each([false, true])('the tool runner, streamed: %s', async (stream) => {
    const asked: string[] = [];
    const weather = betaZodTool({
      name: 'get_weather',
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      run: ({ city }) => {
        asked.push(city);
        return `${city} is clear as glass`;
      },
    });
    const request = { ...base(model, 'What is the weather in Lisbon?'), tools: [weather] };
    const runner = client.beta.messages.toolRunner({ ...request, stream });
    const final = await runner.runUntilDone();
    expect(asked).toEqual(['Lisbon']);
    expect(JSON.stringify(final.content)).toContain('clear as glass');
    expect(settledRequests(world)).toBe(2);
  });

  test('parallel calls with thinking go back with their results, pictures and failures', async () => {
    const tools = [{ name: 'look', description: 'Look there', input_schema: { type: 'object' as const } }];
    const thinking = { type: 'enabled' as const, budget_tokens: 1_024 };
    const question = ask('Go [[simulate tool_calls=2]]');
    const request = { model, max_tokens: 4_000, messages: question, tools, thinking };
    const first = await client.messages.stream(request).finalMessage();
    const calls = first.content.filter((block) => block.type === 'tool_use');
    expect(calls).toHaveLength(2);
    expect(first.stop_reason).toBe('tool_use');
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL };
    const results = calls.map(({ id }, index) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      ...(index === 0
        ? {
            content: [
              { type: 'text' as const, text: 'A door' },
              { type: 'image' as const, source },
            ],
          }
        : { content: 'It is dark', is_error: true }),
    }));
    const second = await client.messages.create({
      ...request,
      messages: [
        ...question,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [...results, { type: 'text', text: 'What do you see? [[simulate tool_calls=0]]' }] },
      ],
    });
    expect(second.stop_reason).toBe('end_turn');
    const sent = JSON.stringify(world.provider.requests[1]?.body);
    for (const piece of ['A door', PIXEL, 'It is dark']) expect(sent).toContain(piece);
    for (const { id } of calls) expect(sent).toContain(id);
  });

  test('a tool that has to be called, one at a time, and none', async () => {
    const tools = [{ name: 'look', input_schema: { type: 'object' as const } }];
    const forced = await client.messages.create({
      ...base(model, 'Hello'),
      tools,
      tool_choice: { type: 'tool', name: 'look' },
    });
    expect(forced.content.at(-1)).toMatchObject({ type: 'tool_use', name: 'look', input: {} });
    const none = await client.messages.create({ ...base(model, 'look'), tools, tool_choice: { type: 'none' } });
    expect(none.stop_reason).toBe('end_turn');
    const single = {
      ...base(model, 'look'),
      tools,
      tool_choice: { type: 'auto' as const, disable_parallel_tool_use: true },
    };
    const one = await client.messages.create(single);
    expect(one.stop_reason).toBe('tool_use');
    expect(one.content.filter(({ type }) => type === 'tool_use')).toHaveLength(1);
  });

  test('JSON by a schema', async () => {
    const invoice = z.object({ customer: z.string(), total: z.number() });
    const request = { ...base(model, 'An invoice'), output_config: { format: zodOutputFormat(invoice) } };
    const answer = await client.messages.parse(request);
    expect(invoice.parse(answer.parsed_output)).toEqual(answer.parsed_output);
  });

  test('countTokens is free', async () => {
    const { input_tokens } = await client.messages.countTokens({
      model,
      system: 'Be short.',
      messages: ask('x'.repeat(4_000)),
      tools: [{ name: 'look', input_schema: { type: 'object' } }],
    });
    expect(input_tokens).toBeGreaterThan(900);
    expect(input_tokens).toBeLessThan(1_200);
    expect(world.billing.batches).toEqual([]);
  });

  test('errors: what the provider refuses and what it breaks off', async () => {
    await expect(client.messages.create(base(model, 'x [[simulate status=400]]'))).rejects.toBeInstanceOf(
      BadRequestError,
    );
    const noRetry = client.withOptions({ maxRetries: 0 });
    const limited = await noRetry.messages.create(base(model, 'x [[simulate status=429]]')).catch((error) => error);
    expect(limited).toBeInstanceOf(RateLimitError);
    expect(limited).toMatchObject({ type: 'rate_limit_error', errorCode: 'upstream_rate_limited' });
    expect(limited.requestID).toMatch(/^[\w-]{10,}$/);
    await expect(noRetry.messages.create(base(model, 'x [[simulate status=500]]'))).rejects.toBeInstanceOf(
      InternalServerError,
    );
    const broken = noRetry.messages.stream(base(model, 'x [[simulate error_after_tokens=3 length=50]]'));
    await expect(broken.finalMessage()).rejects.toBeInstanceOf(APIError);
  });

  test('abort: the provider hears of it, and what was seen is paid', async () => {
    const stream = client.messages.stream(base(model, 'x [[simulate tokens_per_second=50 length=400]]'));
    stream.on('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(APIUserAbortError);
    await until('the provider hears of it', () => Boolean(world.provider.requests[0]?.aborted));
    await until('it is settled', () => world.billing.all('settle').length === 1);
    expect(world.billing.all('settle')[0]).toMatchObject({ outcome: 'client_closed', usage: { basis: 'estimated' } });
  });

  test('a budget that ends in the middle: max_tokens, and the reason in the usage', async () => {
    world.billing.reply = (operation) =>
      operation.op === 'extend'
        ? { status: 'refused', code: 'insufficient_quota', retryAfterMs: null, budget: null }
        : undefined;
    const request = { ...base(model, 'x [[simulate length=3000]]'), max_tokens: 5_000, stream: true as const };
    // What is never shown is held whole: a budget can't end in the middle of it.
    const models = world.billing.models;
    const events = [];
    for await (const event of await client.messages.create(request)) events.push(event);
    world.billing.models = models;
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'max_tokens' },
      usage: { cloudfreedom: { stopped: 'budget' } },
    });
    expect(events.filter(({ type }) => type === 'content_block_stop')).toHaveLength(1);
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
  });
});

describe('what is in the way', () => {
  test('a wrong key, an unknown model, a spent budget', async () => {
    const stranger = new Anthropic({ baseURL: world.url, apiKey: 'sk-ant-1234567890', maxRetries: 0 });
    const refused = await stranger.messages.create(base('claude-sonnet-5', 'x')).catch((error) => error);
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused.type).toBe('authentication_error');
    await expect(client.messages.create(base('claude-none', 'x'))).rejects.toBeInstanceOf(NotFoundError);
    world.billing.reply = (operation) =>
      operation.op === 'reserve'
        ? { status: 'refused', code: 'insufficient_quota', retryAfterMs: null, budget: null }
        : undefined;
    const spent = await client.messages.create(base('claude-sonnet-5', 'x')).catch((error) => error);
    expect(spent).toMatchObject({ status: 429, type: 'billing_error', errorCode: 'insufficient_quota' });
    // The SDK would try a 429 again; it is told not to.
    expect(world.billing.all('reserve')).toHaveLength(1);
  });

  test('a field that is wrong is named', async () => {
    const wrong = {
      ...base('claude-sonnet-5', 'x'),
      messages: [{ role: 'user' as const, content: 5 as unknown as string }],
    };
    await expect(client.messages.create(wrong)).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      details: { error_code: 'invalid_request', param: 'messages[0].content' },
    });
  });
});

test('models in its form: list and retrieve', async () => {
  const ids = [];
  for await (const { id, type, display_name, max_input_tokens } of client.models.list({ limit: 2 })) {
    expect([type, max_input_tokens]).toEqual(['model', 100_000]);
    expect(display_name).toMatch(/simulated/);
    ids.push(id);
  }
  expect(ids).toEqual(MODEL_NAMES);
  expect(await client.models.retrieve('claude-sonnet-5')).toMatchObject({ type: 'model', id: 'claude-sonnet-5' });
  await expect(client.models.retrieve('claude-none')).rejects.toBeInstanceOf(NotFoundError);
});
