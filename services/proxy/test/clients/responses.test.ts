/** The Responses API by OpenAI's own SDK and Vercel's AI SDK (whose default it is): only address and key are changed. */
import { createOpenAI } from '@ai-sdk/openai';
import { audienceOf } from '@cloudfreedom/contracts';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import OpenAI, { BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { expectEventLaws } from '../observed-response.ts';
import { stopPostgres, until } from '../proxy-under-test.ts';
import { catalogueModel, SUBJECT_ID, TENANT_ID } from '../stub-billing.ts';
import { MODEL_NAMES, type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

let world: SimulatedWorld;
let client: OpenAI;
beforeAll(async () => {
  world = await startSimulatedWorld();
  world.billing.retentionDays = 30;
  world.billing.models.push(catalogueModel({ name: 'own', provider: 'custom', upstreamModel: 'own' }));
  world.billing.principal.models = world.billing.models.map(({ name }) => name);
  client = new OpenAI({ baseURL: world.baseURL, apiKey: world.apiKey, maxRetries: 0 });
});
beforeEach(() => {
  world.billing.batches = [];
  world.provider.requests.length = 0;
  world.billing.principal.subjectId = SUBJECT_ID;
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const WEATHER = 'What is the weather in Lisbon?';
const weatherTool = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
};

test.each([
  ['claude-sonnet-5', /^(?!.*another).*"tools":\[{"name":"weather".*"tool_choice":{"type":"any"}/],
  ['gemini-3.5-flash', /"allowedFunctionNames":\["weather"\]/],
])('%s: a choice among some of the tools', async (model, sent) => {
  const answer = await client.responses.create({
    model,
    input: 'Hello',
    tools: [{ ...weatherTool, name: 'another' }, weatherTool],
    tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'weather' }] },
  });
  expect(answer.status).toBe('completed');
  expect(JSON.stringify(world.provider.requests[0]?.body)).toMatch(sent);
});

describe.each(MODEL_NAMES)('%s', (model) => {
  test('create', async () => {
    const answer = await client.responses.create({ model, input: 'What is a budget?', instructions: 'Be brief.' });
    expect(answer).toMatchObject({ object: 'response', model, status: 'completed', instructions: 'Be brief.' });
    expect(answer.output_text).toMatch(/budget/);
    expect(answer.usage?.total_tokens).toBeGreaterThan(10);
    expect(answer.usage).toMatchObject({ cloudfreedom: { charge_eur: '0.004217', simulated: true } });
    expect(settledRequests(world)).toBe(1);
  });

  test('a stream, event by event', async () => {
    const stream = await client.responses.create({ model, input: 'What is a budget?', stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    const response = expectEventLaws(events);
    expect(response.usage.cloudfreedom.charge_eur).toBe('0.004217');
    expect(settledRequests(world)).toBe(1);
  });

  test('a stream that is added up', async () => {
    const stream = client.responses.stream({ model, input: 'What is a budget?', max_output_tokens: 20 });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => {
      text += delta;
    });
    const response = await stream.finalResponse();
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(response.output_text).toBe(text);
    expect(response.usage?.output_tokens).toBeLessThanOrEqual(20);
  });

  test('parse', async () => {
    const shape = z.object({ city: z.string(), days: z.number() });
    const format = zodTextFormat(shape, 'trip');
    const answer = await client.responses.parse({ model, input: 'A trip to Lisbon', text: { format } });
    expect(shape.safeParse(answer.output_parsed).success).toBe(true);
  });

  test('a loop of tools, the items sent back as they came', async () => {
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: WEATHER }];
    const reasoning = { effort: 'low' as const, summary: 'auto' as const };
    const asked = await client.responses.create({ model, input, tools: [weatherTool], reasoning, store: false });
    const call = asked.output.find(({ type }) => type === 'function_call');
    if (call?.type !== 'function_call') throw new Error('no call');
    expect(JSON.parse(call.arguments)).toEqual({ city: expect.any(String) });
    input.push(...(asked.output as OpenAI.Responses.ResponseInputItem[]));
    input.push({ type: 'function_call_output', call_id: call.call_id, output: '{"sky":"clear as glass"}' });
    const told = await client.responses.create({ model, input, tools: [weatherTool], reasoning, store: false });
    expect(told.output_text).toMatch(/clear as glass/);
    // What the provider itself wants back of its thoughts came with the items.
    const sent = JSON.stringify(world.provider.requests.at(-1)?.body);
    const marks: Record<string, RegExp> = {
      'gpt-5-mini': /gAAAA/,
      'claude-sonnet-5': /"signature"/,
      'gemini-3.5-flash': /thoughtSignature/,
    };
    expect(sent).toMatch(marks[model] ?? /^$/);
    expect(settledRequests(world)).toBe(2);
  });

  test('previous_response_id, retrieve, input items, delete', async () => {
    const first = await client.responses.create({ model, input: 'My name is Ada.', metadata: { a: 'b' } });
    expect(first).toMatchObject({ store: true });
    const tools = [weatherTool];
    const second = await client.responses.create({ model, input: WEATHER, previous_response_id: first.id, tools });
    expect(second.previous_response_id).toBe(first.id);
    const call = second.output.find(({ type }) => type === 'function_call');
    if (call?.type !== 'function_call') throw new Error('no call');
    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: '{"sky":"clear as glass"}' };
    const stream = client.responses.stream({ model, input: [output], previous_response_id: second.id, tools });
    const third = await stream.finalResponse();
    expect(third.output_text).toMatch(/clear as glass/);
    const sent = JSON.stringify(world.provider.requests.at(-1)?.body);
    for (const words of ['My name is Ada.', first.output_text.slice(0, 20), WEATHER]) expect(sent).toContain(words);
    expect(sent).not.toContain(first.id);

    const { output_text: _added, ...kept } = first;
    expect(await client.responses.retrieve(first.id)).toMatchObject(JSON.parse(JSON.stringify(kept)));
    expect(await client.responses.retrieve(third.id)).toMatchObject({ id: third.id, output_text: third.output_text });
    const items = [];
    for await (const item of client.responses.inputItems.list(first.id)) items.push(item);
    expect(items).toMatchObject([{ role: 'user', content: [{ type: 'input_text', text: 'My name is Ada.' }] }]);

    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toThrow(NotFoundError);
    const orphan = client.responses.create({ model, input: 'x', previous_response_id: second.id });
    await expect(orphan).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });

  test("another person's response is not there", async () => {
    const mine = await client.responses.create({ model, input: 'x' });
    const sub = 'user00000000002';
    const claims = { sub, tenant: TENANT_ID, role: 'member', locale: 'en' } as const;
    const token = await world.identity.sign(claims, audienceOf.proxy(TENANT_ID));
    const other = new OpenAI({ baseURL: world.baseURL, apiKey: token, maxRetries: 0 });
    world.billing.principal.subjectId = sub;
    await expect(other.responses.retrieve(mine.id)).rejects.toThrow(NotFoundError);
    await expect(other.responses.delete(mine.id)).rejects.toThrow(NotFoundError);
    await expect(other.responses.inputItems.list(mine.id)).rejects.toThrow(NotFoundError);
    const orphan = other.responses.create({ model, input: 'x', previous_response_id: mine.id });
    await expect(orphan).rejects.toThrow(BadRequestError);
    world.billing.principal.subjectId = SUBJECT_ID;
    expect(await client.responses.retrieve(mine.id)).toMatchObject({ id: mine.id });
  });

  test('abort reaches the provider and is settled', async () => {
    const ask = `Tell me a story. [[simulate tokens_per_second=20 length=400]]`;
    const stream = await client.responses.create({ model, input: ask, stream: true });
    for await (const event of stream) if (event.type.endsWith('.delta')) break;
    stream.controller.abort();
    await until('the provider notices', () => Boolean(world.provider.requests[0]?.aborted));
    await until('it is settled', () => world.billing.all('settle').length === 1);
    expect(world.billing.all('settle')[0]).toMatchObject({ outcome: 'client_closed', usage: { basis: 'estimated' } });
  });

  test('an error inside the stream is an APIError', async () => {
    const ask = 'Tell me a story. [[simulate error_after_tokens=5]]';
    const reading = client.responses.stream({ model, input: ask }).finalResponse();
    await expect(reading).rejects.toThrow(OpenAI.APIError);
  });

  test('the provider takes no more: RateLimitError', async () => {
    const asking = client.responses.create({ model, input: 'x [[simulate status=429]]' });
    await expect(asking).rejects.toThrow(RateLimitError);
  });

  test('the AI SDK: text, stream, object', async () => {
    const provider = createOpenAI({ baseURL: world.baseURL, apiKey: world.apiKey })(model);
    const whole = await generateText({ model: provider, prompt: 'What is a budget?' });
    expect(whole.text).toMatch(/budget/);
    expect(whole.usage.outputTokens).toBeGreaterThan(1);
    const stream = streamText({ model: provider, prompt: 'What is a budget?' });
    let text = '';
    for await (const piece of stream.textStream) text += piece;
    expect(text).toBe(whole.text);
    expect(await stream.finishReason).toBe('stop');
    const output = Output.object({ schema: z.object({ city: z.string() }) });
    const made = await generateText({ model: provider, prompt: 'A trip to Lisbon', output });
    expect(typeof made.output.city).toBe('string');
  });

  test.each(['whole', 'streamed'])('the AI SDK: a loop of tools, %s', async (form) => {
    const provider = createOpenAI({ baseURL: world.baseURL, apiKey: world.apiKey })(model);
    const weather = tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => ({ city, sky: 'clear as glass' }),
    });
    const ask = {
      model: provider,
      tools: { weather },
      stopWhen: stepCountIs(3),
      messages: [
        { role: 'user' as const, content: 'Hello' },
        { role: 'assistant' as const, content: 'Hello you' },
        { role: 'user' as const, content: WEATHER },
      ],
    };
    const answer = form === 'whole' ? await generateText(ask) : streamText(ask);
    expect(await answer.text).toMatch(/clear as glass/);
    expect(await answer.steps).toHaveLength(2);
    expect(settledRequests(world)).toBe(2);
  });

  test('the AI SDK: a conversation that names its earlier items by their ids', async () => {
    const provider = createOpenAI({ baseURL: world.baseURL, apiKey: world.apiKey })(model);
    const first = await generateText({ model: provider, prompt: 'My name is Ada.' });
    const more = [...first.responseMessages, { role: 'user' as const, content: 'And now?' }];
    const second = await generateText({ model: provider, messages: [{ role: 'user', content: 'Hi' }, ...more] });
    expect(second.text).not.toBe('');
    expect(JSON.stringify(world.provider.requests.at(-1)?.body)).toContain(first.text.slice(0, 20));
  });
});

describe('refused by name', () => {
  const model = 'claude-sonnet-5';
  test.each([
    ['gpt-5-mini', { tools: [{ type: 'web_search' }] }, 'unsupported_parameter', 'tools[0].type'],
    [model, { tools: [{ type: 'web_search' }] }, 'unsupported_parameter', 'tools[0].type'],
    [model, { background: true }, 'unsupported_parameter', 'background'],
    [model, { conversation: 'conv_1' }, 'unsupported_parameter', 'conversation'],
    [model, { prompt: { id: 'pmpt_1' } }, 'unsupported_parameter', 'prompt'],
    [model, { truncation: 'auto' }, 'unsupported_parameter', 'truncation'],
    [model, { include: ['message.output_text.logprobs'] }, 'unsupported_parameter', 'include[0]'],
    [model, { top_logprobs: 3 }, 'unsupported_parameter', 'top_logprobs'],
    [model, { reasoning: { effort: 'enormous' } }, 'unsupported_parameter', 'reasoning.effort'],
    [model, { reasoning: { mode: 'pro' } }, 'unsupported_parameter', 'reasoning.mode'],
    [model, { text: { verbosity: 'low' } }, 'unsupported_parameter', 'text.verbosity'],
    [model, { tool_choice: { type: 'custom', name: 'x' } }, 'unsupported_parameter', 'tool_choice'],
    [model, { novel: 1 }, 'unsupported_parameter', 'novel'],
    [model, { input: [{ type: 'computer_call', id: 'x' }] }, 'unsupported_parameter', 'input[0].type'],
    [
      model,
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
      'unsupported_parameter',
      'input[0].content[0].file_id',
    ],
    [model, { previous_response_id: 'resp_none' }, 'previous_response_not_found', 'previous_response_id'],
    [model, { input: [{ type: 'item_reference', id: 'msg_none' }] }, 'item_not_found', 'input[0].id'],
    [model, { input: [{ role: 'user' }] }, 'invalid_request', 'input[0].content'],
    [model, { input: [{ type: 'function_call', name: 'x', arguments: '' }] }, 'invalid_request', 'input[0].call_id'],
    [model, { tools: [{ type: 'function', name: 'no name' }] }, 'invalid_request', 'tools[0].name'],
    [model, { metadata: { a: 1 } }, 'invalid_request', 'metadata.a'],
    [model, { input: [] }, 'invalid_request', 'input'],
  ])('%s %j', async (name, fields, code, param) => {
    const asking = client.post('/responses', { body: { model: name, input: 'x', ...fields } });
    await expect(asking).rejects.toMatchObject({ status: 400, code, param });
    expect(world.provider.requests).toEqual([]);
    expect(world.billing.all('settle')).toEqual([]);
  });
});

test('another server that speaks chats is asked for a chat', async () => {
  expect((await client.responses.create({ model: 'own', input: 'What is a budget?' })).output_text).toBe('Hello.');
  expect(world.upstream.seen.at(-1)?.path).toBe('/v1/chat/completions');
  expect(world.provider.requests).toEqual([]);
});
