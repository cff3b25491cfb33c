/** OpenAI's legacy completions by its own SDK, answered by chat models of all three providers. */
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stopPostgres } from '../proxy-under-test.ts';
import { MODEL_NAMES, type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

let world: SimulatedWorld;
let client: OpenAI;
beforeAll(async () => {
  world = await startSimulatedWorld();
  client = new OpenAI({ baseURL: world.baseURL, apiKey: world.apiKey, maxRetries: 0 });
});
beforeEach(() => {
  world.billing.batches = [];
});
afterEach(() => {
  world.billing.reply = () => undefined;
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

describe.each(MODEL_NAMES)('%s', (model) => {
  test('whole: text, finish reason, usage with the charge', async () => {
    const answer = await client.completions.create({ model, prompt: 'What is a budget?', max_tokens: 500 });
    expect(answer).toMatchObject({ object: 'text_completion', model, choices: [{ index: 0, finish_reason: 'stop' }] });
    expect(answer.id).toMatch(/^cmpl-/);
    expect(answer.choices[0]?.text).toMatch(/budget/);
    expect(answer.usage).toMatchObject({ cloudfreedom: { charge_eur: '0.004217', simulated: true } });
    expect(settledRequests(world)).toBe(1);
  });

  test('streamed: the same text, one finish reason, usage where it was asked for', async () => {
    const request = { model, prompt: ['What is a budget?'], max_tokens: 500, temperature: 1 };
    const whole = await client.completions.create(request);
    const chunks = [];
    const stream = { ...request, stream: true as const, stream_options: { include_usage: true } };
    for await (const chunk of await client.completions.create(stream)) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(whole.choices[0]?.text);
    expect(chunks.flatMap(({ choices }) => choices.flatMap((choice) => choice.finish_reason ?? []))).toEqual(['stop']);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cloudfreedom: { charge_eur: '0.004217' } } });
    expect(settledRequests(world)).toBe(2);
  });

  test('without a cap it is 16 tokens, as with OpenAI', async () => {
    const answer = await client.completions.create({ model, prompt: 'Tell me [[simulate length=200]]' });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBe(16);
  });

  test.each([
    [{ echo: true }, 'echo'],
    [{ logprobs: 1 }, 'logprobs'],
    [{ suffix: 'end' }, 'suffix'],
    [{ best_of: 3 }, 'best_of'],
  ])('%j is refused by name', async (changes, param) => {
    await expect(client.completions.create({ model, prompt: 'x', ...changes })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param,
    });
    expect(world.billing.batches).toEqual([]);
  });

  test('a budget that ends in the middle: length, and the reason', async () => {
    world.billing.reply = (operation) =>
      operation.op === 'extend'
        ? { status: 'refused', code: 'insufficient_quota', retryAfterMs: null, budget: null }
        : undefined;
    const request = { model, prompt: 'x [[simulate length=3000]]', max_tokens: 5_000, stream: true as const };
    const chunks = [];
    for await (const chunk of await client.completions.create(request)) chunks.push(chunk);
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      cloudfreedom: { stopped: 'budget' },
    });
  });
});

test.each([
  [{ prompt: ['a', 'b'] }, 'prompt'],
  [{ prompt: [[1, 2]] }, 'prompt[0]'],
  [{}, 'prompt'],
])('%j names the prompt', async (changes, param) => {
  const body = { model: MODEL_NAMES[0], ...changes } as unknown as OpenAI.CompletionCreateParamsNonStreaming;
  await expect(client.completions.create(body)).rejects.toMatchObject({ status: 400, code: 'invalid_request', param });
});
