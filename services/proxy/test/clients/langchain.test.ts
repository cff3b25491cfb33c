/** LangChain's OpenAI chat model against the proxy. */
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, type ChatOpenAIFields } from '@langchain/openai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../proxy-under-test.ts';
import { MODEL_NAMES, settledRequests, simulatedWorld } from './simulated-world.ts';

const stage = simulatedWorld();

const chat = (model: string, fields: ChatOpenAIFields = {}) =>
  new ChatOpenAI({
    model,
    apiKey: stage.world.apiKey,
    configuration: { baseURL: stage.world.baseURL },
    useResponsesApi: false,
    ...fields,
  });

const weather = tool(({ city }) => `${city}: clear as glass`, {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
});

describe.each(MODEL_NAMES)('%s', (model) => {
  test('invoke', async () => {
    const answer = await chat(model).invoke([new SystemMessage('Be short.'), new HumanMessage('What is a budget?')]);
    expect(answer.text).toMatch(/budget/);
    expect(answer.usage_metadata).toMatchObject({
      input_tokens: expect.any(Number),
      output_tokens: expect.any(Number),
    });
    expect(answer.response_metadata.finish_reason).toBe('stop');
    expect(settledRequests(stage.world)).toBe(1);
  });

  test('stream', async () => {
    const pieces: string[] = [];
    const usages: unknown[] = [];
    for await (const chunk of await chat(model).stream('What is a budget?')) {
      if (chunk.text) pieces.push(chunk.text);
      if (chunk.usage_metadata) usages.push(chunk.usage_metadata);
    }
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('')).toMatch(/budget/);
    expect(usages).toMatchObject([{ total_tokens: expect.any(Number) }]);
    expect(settledRequests(stage.world)).toBe(1);
  });

  test.each([false, true])('bindTools and the result, strict: %s', async (strict) => {
    const bound = chat(model).bindTools([weather], { strict });
    const question = new HumanMessage('What is the weather in Lisbon?');
    const first = await bound.invoke([question]);
    expect(first.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Lisbon' } }]);
    const results = await Promise.all((first.tool_calls ?? []).map((call) => weather.invoke(call)));
    const last = await bound.invoke([question, first, ...results]);
    expect(last.text).toContain('clear as glass');
    expect(settledRequests(stage.world)).toBe(2);
  });

  test('a streamed tool call, sent back with its result', async () => {
    const bound = chat(model).bindTools([weather], { tool_choice: 'get_weather' });
    const question = new HumanMessage('What is the weather in Lisbon?');
    const chunks = [];
    for await (const chunk of await bound.stream([question])) chunks.push(chunk);
    const [start, ...rest] = chunks;
    const message = rest.reduce((sum, chunk) => sum?.concat(chunk), start);
    expect(message?.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Lisbon' } }]);
    if (!message) throw new Error('no message');
    const results = await Promise.all((message.tool_calls ?? []).map((call) => weather.invoke(call)));
    expect(
      (
        await chat(model)
          .bindTools([weather])
          .invoke([question, message, ...results])
      ).text,
    ).toContain('clear');
  });

  test('withStructuredOutput', async () => {
    const schema = z.object({ title: z.string(), count: z.number() });
    const answer = await chat(model).withStructuredOutput(schema, { name: 'thing' }).invoke('A thing');
    expect(schema.parse(answer)).toEqual(answer);
  });

  test('an abort in the middle', async () => {
    const controller = new AbortController();
    const prompt = 'Tell me a lot [[simulate tokens_per_second=200 length=2000]]';
    const reading = (async () => {
      for await (const _chunk of await chat(model).stream(prompt, { signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    await until('the provider sees the abort', () => Boolean(stage.world.provider.requests[0]?.aborted));
    await until('it is settled', () => stage.world.billing.all('settle').length === 1);
  });

  test('an error', async () => {
    const failing = chat(model, { maxRetries: 0 }).invoke('x [[simulate status=400]]');
    await expect(failing).rejects.toMatchObject({ status: 400 });
  });
});
