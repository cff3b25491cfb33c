/** OpenAI's own SDK against the proxy: nothing but its base URL and its key is changed. */
import OpenAI, {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stopPostgres, until } from '../proxy-under-test.ts';
import { MODEL_NAMES, MODELS, type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

let world: SimulatedWorld;
let client: OpenAI;
beforeAll(async () => {
  world = await startSimulatedWorld();
  client = new OpenAI({ baseURL: world.baseURL, apiKey: world.apiKey });
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
const WEATHER = 'What is the weather in Lisbon?';

describe.each(MODEL_NAMES)('%s', (model) => {
  test('chat', async () => {
    const answer = await client.chat.completions.create({ model, messages: ask('What is a budget?') });
    expect(answer).toMatchObject({ object: 'chat.completion', model });
    expect(answer.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } });
    expect(answer.choices[0]?.message.content).toMatch(/budget/);
    expect(answer.usage?.total_tokens).toBeGreaterThan(10);
    expect(answer.usage).toMatchObject({ cloudfreedom: { charge_eur: '0.004217', simulated: true } });
    expect(settledRequests(world)).toBe(1);
  });

  test('a system message, several turns, a stop word, a cap', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        { role: 'assistant', content: 'Hi.' },
        { role: 'user', content: 'What is a ledger?' },
      ],
      stop: ['never to be found'],
      max_completion_tokens: 5,
    });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBeLessThanOrEqual(5);
  });

  test('stream, raw and with the helper', async () => {
    const request = { model, messages: ask('What is a budget?'), stream_options: { include_usage: true } };
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cloudfreedom: { charge_eur: '0.004217' } } });

    const stream = client.chat.completions.stream(request);
    let seen = '';
    stream.on('content', (delta) => {
      seen += delta;
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(seen);
    expect(seen).toBe(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''));
    expect(final.usage?.total_tokens).toBe(chunks.at(-1)?.usage?.total_tokens);
    expect(settledRequests(world)).toBe(2);
  });

  test.each([false, true])('runTools, streamed: %s', async (stream) => {
    const asked: string[] = [];
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'get_weather',
          description: 'The weather of a city',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          parse: JSON.parse,
          function: ({ city }: { city: string }) => {
            asked.push(city);
            return JSON.stringify({ city, sky: 'clear as glass' });
          },
        },
      },
    ];
    const messages = ask(WEATHER);
    const runner = stream
      ? client.chat.completions.runTools({ model, messages, tools, stream: true })
      : client.chat.completions.runTools({ model, messages, tools });
    expect(await runner.finalContent()).toContain('clear as glass');
    expect(asked).toEqual(['Lisbon']);
    expect(runner.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect(settledRequests(world)).toBe(2);
  });

  test('runTools with reasoning and parallel calls', async () => {
    const asked: string[] = [];
    const look = (name: string) => ({
      type: 'function' as const,
      function: {
        name,
        description: 'Look there',
        parameters: { type: 'object', properties: {} },
        function: (_nothing: string) => {
          asked.push(name);
          return `${name} is fine`;
        },
      },
    });
    const messages = ask('Go [[simulate tool_calls=2]]');
    const runner = client.chat.completions.runTools(
      { model, messages, tools: [look('door'), look('window')], reasoning_effort: 'low', stream: true },
      // The knob stays in the conversation: the simulated provider would call for ever.
      { maxChatCompletions: 2 },
    );
    await runner.done();
    expect(asked).toEqual(['door', 'window', 'door', 'window']);
    expect(settledRequests(world)).toBe(2);
  });

  test('parse with a zod schema, whole and streamed', async () => {
    const invoice = z.object({
      customer: z.string(),
      total: z.number(),
      lines: z.array(z.object({ item: z.string() })),
    });
    const request = { model, messages: ask('An invoice'), response_format: zodResponseFormat(invoice, 'invoice') };
    const answer = await client.chat.completions.parse(request);
    expect(invoice.parse(answer.choices[0]?.message.parsed)).toEqual(answer.choices[0]?.message.parsed);
    const final = await client.chat.completions.stream(request).finalChatCompletion();
    expect(final.choices[0]?.message.parsed).toEqual(answer.choices[0]?.message.parsed);
  });

  test('a strict zod function, whose parsed call goes back with its result', async () => {
    const lookUp = zodFunction({ name: 'look_up_weather', parameters: z.object({ city: z.string() }) });
    const first = await client.chat.completions.parse({
      model,
      messages: ask(WEATHER),
      tools: [lookUp],
      tool_choice: { type: 'function', function: { name: 'look_up_weather' } },
    });
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (!message || call?.type !== 'function') throw new Error('no call');
    expect(call.function.parsed_arguments).toEqual({ city: 'Lisbon' });
    const second = await client.chat.completions.parse({
      model,
      messages: [...ask(WEATHER), message, { role: 'tool', tool_call_id: call.id, content: 'Rain of frogs' }],
      tools: [lookUp],
    });
    expect(second.choices[0]?.message.content).toContain('Rain of frogs');
  });

  test('an abort in the middle reaches the provider and is settled', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: ask('Tell me a lot [[simulate tokens_per_second=200 length=2000]]'),
      stream: true,
    });
    let abortedAtMs = 0;
    for await (const _chunk of stream) {
      abortedAtMs = Date.now();
      stream.controller.abort();
    }
    await until('the provider sees the abort', () => Boolean(world.provider.requests[0]?.aborted));
    const tookMs = (world.provider.requests[0]?.aborted?.getTime() ?? 0) - abortedAtMs;
    console.log(`${model}: the provider saw the abort after ${tookMs} ms (wanted: within 100 ms)`);
    await until('it is settled', () => world.billing.all('settle').length === 1);
    expect(world.billing.all('settle')[0]).toMatchObject({ outcome: 'client_closed', usage: { basis: 'estimated' } });
  });

  test('an abort of an answer in one piece', async () => {
    const controller = new AbortController();
    const answer = client.chat.completions.create(
      { model, messages: ask('Slow [[simulate hang_after_tokens=0]]') },
      { signal: controller.signal },
    );
    await until('the provider is asked', () => world.provider.requests.length === 1);
    controller.abort();
    await expect(answer).rejects.toThrow(OpenAI.APIUserAbortError);
    await until('the provider sees the abort', () => Boolean(world.provider.requests[0]?.aborted));
    await until('it is settled', () => world.billing.all('settle').length === 1);
  });

  test('error classes of what the provider answers', async () => {
    const failing = (status: number) =>
      client.chat.completions.create(
        { model, messages: ask(`x [[simulate status=${status} retry_after_s=3]]`) },
        { maxRetries: 0 },
      );
    await expect(failing(400)).rejects.toThrow(BadRequestError);
    await expect(failing(500)).rejects.toThrow(InternalServerError);
    // The provider's refusal of our key is no fault of the client's key.
    await expect(failing(401)).rejects.toThrow(InternalServerError);
    const limited = await failing(429).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(RateLimitError);
    expect((limited as RateLimitError).headers?.get('retry-after')).toMatch(/^[35]$/);
    expect(settledRequests(world)).toBe(0);
  });

  test('an error inside the stream ends it with an APIError, and what came is settled', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: ask('x [[simulate error_after_tokens=20 length=100]]'),
      stream: true,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toThrow(OpenAI.APIError);
    expect(text.length).toBeGreaterThan(20);
    expect(world.billing.all('settle')).toMatchObject([{ outcome: 'upstream_error' }]);
  });
});

describe('what the SDK makes of refusals', () => {
  const model = 'gpt-5-mini';
  const messages = ask('x');

  test('AuthenticationError', async () => {
    const stranger = new OpenAI({ baseURL: world.baseURL, apiKey: 'sk-proj-123' });
    const error = await stranger.chat.completions.create({ model, messages }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', requestID: expect.any(String) });
    await expect(stranger.models.list()).rejects.toThrow(AuthenticationError);
  });

  test('NotFoundError', async () => {
    const error = await client.chat.completions
      .create({ model: 'gpt-none', messages })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  });

  test('BadRequestError with the field', async () => {
    const error = await client.chat.completions
      .create({ model, messages, temperature: 7 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, param: 'temperature', type: 'invalid_request_error' });
  });

  test('RateLimitError of a spent budget, asked once: the SDK does not try again', async () => {
    world.billing.reply = (operation) =>
      operation.op === 'reserve'
        ? { status: 'refused', code: 'insufficient_quota', retryAfterMs: null, budget: null }
        : undefined;
    const error = await client.chat.completions.create({ model, messages }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' });
    expect((error as RateLimitError).headers?.get('x-should-retry')).toBe('false');
    expect(world.billing.all('reserve')).toHaveLength(1);
  });

  test('InternalServerError of the provider, tried again as the SDK does, each attempt given back', async () => {
    const failing = client.chat.completions.create(
      { model, messages: ask('x [[simulate status=500]]') },
      { maxRetries: 1 },
    );
    await expect(failing).rejects.toThrow(InternalServerError);
    expect(world.billing.all('reserve')).toHaveLength(2);
    expect(settledRequests(world)).toBe(0);
  });
});

describe('models', () => {
  test('list', async () => {
    const listed = [];
    for await (const model of client.models.list()) listed.push(model);
    expect(listed.map(({ id }) => id)).toEqual(MODEL_NAMES);
    expect(listed.map((model) => model.owned_by)).toEqual(MODELS.map(({ provider }) => provider));
  });

  test('retrieve', async () => {
    expect(await client.models.retrieve('claude-sonnet-5')).toMatchObject({ id: 'claude-sonnet-5', object: 'model' });
    await expect(client.models.retrieve('gpt-none')).rejects.toThrow(NotFoundError);
  });
});
