/** Vercel's AI SDK against the proxy: its OpenAI provider in both modes, that for compatible servers, and Anthropic's. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../proxy-under-test.ts';
import { MODEL_NAMES, settledRequests, simulatedWorld } from './simulated-world.ts';

const stage = simulatedWorld();

const responses = (name: string): LanguageModel =>
  createOpenAI({ baseURL: stage.world.baseURL, apiKey: stage.world.apiKey })(name);
const chat = (name: string): LanguageModel =>
  createOpenAI({ baseURL: stage.world.baseURL, apiKey: stage.world.apiKey }).chat(name);
/** With its default cap of 4096 tokens for models that it doesn't know. */
const anthropic = (name: string): LanguageModel =>
  createAnthropic({ baseURL: stage.world.baseURL, apiKey: stage.world.apiKey })(name);
const compatible = (name: string): LanguageModel =>
  createOpenAICompatible({
    name: 'cloudfreedom',
    baseURL: stage.world.baseURL,
    apiKey: stage.world.apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })(name);

const tools = () => {
  const asked: string[] = [];
  const weather = tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      asked.push(city);
      return { city, sky: 'clear as glass' };
    },
  });
  return { asked, tools: { weather } };
};

describe.each([
  ['@ai-sdk/openai', responses],
  ['@ai-sdk/openai .chat', chat],
  ['@ai-sdk/openai-compatible', compatible],
  ['@ai-sdk/anthropic', anthropic],
] as const)('%s', (_name, provider) => {
  describe.each(MODEL_NAMES)('%s', (name) => {
    test('generateText', async () => {
      const { text, finishReason, usage, response } = await generateText({
        model: provider(name),
        instructions: 'Be short.',
        prompt: 'What is a budget?',
      });
      expect(text).toMatch(/budget/);
      expect(finishReason).toBe('stop');
      expect(usage.inputTokens).toBeGreaterThan(3);
      expect(usage.outputTokens).toBeGreaterThan(3);
      expect(response.modelId).toBe(name);
      expect(settledRequests(stage.world)).toBe(1);
    });

    test('streamText', async () => {
      const result = streamText({ model: provider(name), prompt: 'What is a budget?' });
      const pieces: string[] = [];
      for await (const piece of result.textStream) pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(3);
      expect(pieces.join('')).toMatch(/budget/);
      expect(await result.finishReason).toBe('stop');
      expect((await result.usage).totalTokens).toBeGreaterThan(10);
      expect(settledRequests(stage.world)).toBe(1);
    });

    test('a tool loop, whole and streamed', async () => {
      const prompt = 'What is the weather in Lisbon?';
      const whole = tools();
      const answer = await generateText({
        model: provider(name),
        prompt,
        tools: whole.tools,
        stopWhen: stepCountIs(3),
      });
      expect(answer.text).toContain('clear as glass');
      expect(whole.asked).toEqual(['Lisbon']);

      const streamed = tools();
      const stream = streamText({ model: provider(name), prompt, tools: streamed.tools, stopWhen: stepCountIs(3) });
      expect(await stream.text).toBe(answer.text);
      expect(streamed.asked).toEqual(['Lisbon']);
      expect(settledRequests(stage.world)).toBe(4);
    });

    test('an object by a schema', async () => {
      const schema = z.object({ title: z.string(), count: z.number() });
      const { output } = await generateText({
        model: provider(name),
        prompt: 'An object',
        output: Output.object({ schema }),
      });
      expect(schema.parse(output)).toEqual(output);
    });

    test('an image', async () => {
      const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const { text } = await generateText({
        model: provider(name),
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is in this picture?' },
              { type: 'file', data: Buffer.from(png, 'base64'), mediaType: 'image/png' },
            ],
          },
        ],
      });
      expect(text).toMatch(/picture/);
    });

    test('an abort in the middle', async () => {
      const controller = new AbortController();
      const result = streamText({
        model: provider(name),
        prompt: 'Tell me a lot [[simulate tokens_per_second=200 length=2000]]',
        abortSignal: controller.signal,
      });
      for await (const _piece of result.textStream) controller.abort();
      await until('the provider sees the abort', () => Boolean(stage.world.provider.requests[0]?.aborted));
      await until('it is settled', () => stage.world.billing.all('settle').length === 1);
    });

    test('an error', async () => {
      const failing = generateText({ model: provider(name), prompt: 'x [[simulate status=429]]', maxRetries: 0 });
      const error = await failing.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(APICallError);
      expect(error).toMatchObject({ statusCode: 429, isRetryable: true });
      expect((error as APICallError).message).toBe('The provider of this model takes no more requests at the moment.');
    });
  });
});
