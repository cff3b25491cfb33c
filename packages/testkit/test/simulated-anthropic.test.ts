/** The real `@anthropic-ai/sdk` against the simulated provider. */
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedProvider, startSimulatedProvider } from '../src/simulated-provider/index.ts';

let provider: SimulatedProvider;
let client: Anthropic;

beforeAll(async () => {
  provider = await startSimulatedProvider();
  client = new Anthropic({ baseURL: provider.url, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => provider.close());

const ask = (content: string) => [{ role: 'user' as const, content }];
const body = (content: string) => ({ model: 'claude-x', max_tokens: 1000, messages: ask(content) });
const TOOLS: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    input_schema: { type: 'object', properties: { location: { type: 'string' }, days: { type: 'integer' } } },
  },
];

test('an answer is the same whole and streamed, with the same usage', async () => {
  const whole = await client.messages.create(body('Wie funktioniert Ebbe und Flut?'));
  const stream = await client.messages.stream(body('Wie funktioniert Ebbe und Flut?')).finalMessage();
  expect(whole.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/^Simulierte Antwort zu/) });
  expect(stream.content).toEqual(whole.content);
  expect(stream.usage).toMatchObject({
    input_tokens: whole.usage.input_tokens,
    output_tokens: whole.usage.output_tokens,
  });
  expect([whole.stop_reason, stream.stop_reason]).toEqual(['end_turn', 'end_turn']);
});

test('input_tokens leaves the cache out', async () => {
  const knobs = '[[simulate input_tokens=1000 cached_tokens=700 cache_write_tokens=100]]';
  for (const message of [
    await client.messages.create(body(knobs)),
    await client.messages.stream(body(knobs)).finalMessage(),
  ])
    expect(message.usage).toMatchObject({
      input_tokens: 200,
      cache_read_input_tokens: 700,
      cache_creation_input_tokens: 100,
    });
});

test('max_tokens and a stop sequence end an answer', async () => {
  const capped = await client.messages.create({ ...body('Tides'), max_tokens: 7 });
  expect(capped).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 7 } });
  const stopped = await client.messages.stream({ ...body('Tides'), stop_sequences: [' about'] }).finalMessage();
  expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' about' });
  expect(stopped.content).toEqual([{ type: 'text', text: 'Simulated answer' }]);
});

test('thinking is shown where it was asked for, and counted as output', async () => {
  const request = { ...body('Tides [[simulate reasoning_tokens=40]]') };
  const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
  const whole = await client.messages.create({ ...request, thinking });
  const stream = await client.messages.stream({ ...request, thinking }).finalMessage();
  expect(whole.content.map((block) => block.type)).toEqual(['thinking', 'text']);
  expect(stream.content).toEqual(whole.content);
  const hidden = await client.messages.create(request);
  expect(hidden.content.map((block) => block.type)).toEqual(['text']);
  expect(hidden.usage.output_tokens).toBe(whole.usage.output_tokens);
});

test('tools are called whole and streamed alike; their result gets words', async () => {
  const request = { ...body('How is the weather in Oslo?'), tools: TOOLS };
  const whole = await client.messages.create(request);
  const stream = await client.messages.stream(request).finalMessage();
  for (const message of [whole, stream]) {
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'tool_use', name: 'get_weather', input: { location: 'Oslo', days: 1 } },
    ]);
  }
  expect(stream.usage.output_tokens).toBe(whole.usage.output_tokens);
  const [call] = whole.content;
  const after = await client.messages.create({
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content: whole.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: call?.type === 'tool_use' ? call.id : '', content: 'rainy' }],
      },
    ],
  });
  expect(after.content[0]).toMatchObject({ text: expect.stringContaining('The tool answered: rainy') });
});

test('a cap inside tool arguments leaves them incomplete', async () => {
  const stream = await client.messages.create({
    ...body('How is the weather in Oslo?'),
    tools: TOOLS,
    max_tokens: 5,
    stream: true,
  });
  let json = '';
  let reason: string | null = null;
  for await (const event of stream) {
    if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
      json += event.delta.partial_json;
    if (event.type === 'message_delta') reason = event.delta.stop_reason;
  }
  expect(() => JSON.parse(json)).toThrow();
  expect(json).toBe('{"locati');
  expect(reason).toBe('max_tokens');
});

test.each([
  [401, 'authentication_error'],
  [404, 'not_found_error'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [529, 'overloaded_error'],
])('status %i has the type %s', async (status, type) => {
  const error = await client.messages.create(body(`[[simulate status=${status}]]`)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(APIError);
  expect((error as APIError).status).toBe(status);
  expect((error as APIError).error).toMatchObject({ type: 'error', error: { type } });
});

test('a missing field is named', async () => {
  const error = (await client.messages
    .create({ model: 'claude-x', messages: ask('Hi') } as never)
    .catch((reason: unknown) => reason)) as APIError;
  expect(error.status).toBe(400);
  expect(error.message).toContain('max_tokens: Field required');
});

test('a cut and an error inside a stream reach the caller', async () => {
  await expect(client.messages.stream(body('Hi [[simulate cut_after_tokens=4]]')).finalMessage()).rejects.toThrow();
  expect(provider.requests.at(-1)).toMatchObject({ tokensSent: 4, aborted: null });
  await expect(client.messages.stream(body('Hi [[simulate error_after_tokens=4]]')).finalMessage()).rejects.toThrow(
    /Overloaded/,
  );
});
