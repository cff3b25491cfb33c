/** The bound is never below what a provider could count, and never above the model's context. */
import type { CatalogueModel } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bound as boundOf } from '../src/inference/bound.ts';
import { estimateUsage } from '../src/inference/estimate.ts';
import { type ChatRequest, chatRequest } from '../src/providers/chat-request.ts';
import { chatCompletion } from '../src/surfaces/chat/index.ts';
import { catalogueModel, StubBilling } from './stub-billing.ts';

const { principal } = new StubBilling();
const deployment = (changes: Partial<CatalogueModel> = {}) => ({
  model: catalogueModel(changes),
  simulated: false,
  api: changes.provider === 'anthropic' ? ('anthropic' as const) : ('openai' as const),
  baseUrl: 'http://provider.test',
  apiKey: 'k',
});
function bound(request: ChatRequest, to: ReturnType<typeof deployment>, asker: typeof principal) {
  const { streamed, measure } = chatCompletion(request);
  return boundOf(measure(), to, { streamed, principal: asker });
}
const ask = (changes: object = {}): ChatRequest =>
  chatRequest.parse({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...changes });

describe('input', () => {
  test('counts at least the bytes of all text, tools and formats included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        fc.string(),
        (texts, tool) => {
          const messages = texts.map((content) => ({ role: 'user', content }));
          const description = `${tool}-description`;
          const tools = [{ type: 'function', function: { name: 'f', description } }];
          const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) + Buffer.byteLength(description);
          const { inputTokensMax } = bound(
            ask({ messages, tools }),
            deployment({ contextTokens: 10_000_000 }),
            principal,
          );
          expect(inputTokensMax).toBeGreaterThanOrEqual(bytes);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('an image costs a constant, not the bytes of its base64 text', () => {
    const url = `data:image/png;base64,${'A'.repeat(600_000)}`;
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
    const { inputTokensMax } = bound(ask({ messages }), deployment({ provider: 'anthropic' }), principal);
    expect(inputTokensMax).toBeGreaterThan(5_000);
    expect(inputTokensMax).toBeLessThan(6_000);
  });

  test.each([
    [
      'in the schema of a tool',
      (image: object) => ({ tools: [{ type: 'function', function: { name: 'f', parameters: image } }] }),
    ],
    [
      'in a response format',
      (image: object) => ({ response_format: { type: 'json_schema', json_schema: { name: 'j', schema: image } } }),
    ],
    ['at the top', (image: object) => ({ extra: image })],
    ['in a message', (image: object) => ({ messages: [{ role: 'user', content: 'x', extra: image }] })],
    ['as a content part', (image: object) => ({ messages: [{ role: 'user', content: [image] }] })],
  ])('text beside what looks like an image is counted as text: %s', (_where, changes) => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' }, note: 'x'.repeat(50_000) };
    const { inputTokensMax } = bound(ask(changes(image)), deployment({ contextTokens: 10_000_000 }), principal);
    expect(inputTokensMax).toBeGreaterThan(50_000);
  });

  test('data that is no image can fill the context', () => {
    const messages = [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/plain;base64,AA' } }] },
    ];
    expect(bound(ask({ messages }), deployment(), principal).inputTokensMax).toBe(100_000);
  });

  test('a document may fill the context', () => {
    const messages = [
      { role: 'user', content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AA' } }] },
    ];
    expect(bound(ask({ messages }), deployment(), principal).inputTokensMax).toBe(100_000);
  });

  test('never more than the context, and text beyond it eight times over is refused', () => {
    const content = (bytes: number) => ({ messages: [{ role: 'user', content: 'x'.repeat(bytes) }] });
    expect(bound(ask(content(150_000)), deployment(), principal).inputTokensMax).toBe(100_000);
    expect(() => bound(ask(content(900_000)), deployment(), principal)).toThrow(/maximum context length is 100000/);
  });
});

describe('output', () => {
  test.each([
    [{ max_tokens: 50 }, 0, 50],
    [{ max_completion_tokens: 60, max_tokens: 50 }, 0, 60],
    [{}, 0, 8_192],
    [{}, 500, 500],
    [{ max_tokens: 700 }, 500, 700],
    [{ max_tokens: 1_000_000 }, 0, 8_192],
  ])('%j with a default of %i: %i', (changes, outputCapTokens, cap) => {
    expect(bound(ask(changes), deployment(), { ...principal, outputCapTokens }).outputTokensCap).toBe(cap);
  });

  test('a stream is held by slices, anything else whole', () => {
    const slice = (changes: object, model = {}) => bound(ask(changes), deployment(model), principal).outputTokensSlice;
    expect(slice({ stream: true })).toBe(1_024);
    expect(slice({ stream: false })).toBe(8_192);
    expect(slice({ stream: true }, { reasoning: 'hidden' })).toBe(8_192);
    expect(slice({ stream: true, max_tokens: 10 })).toBe(10);
  });
});

describe('estimates', () => {
  test('keep what the provider named and never go below it', () => {
    const guess = { inputTokens: 10, outputTokens: 20 };
    expect(estimateUsage(null, guess).meters).toEqual({ uncached_input: 10, output_text: 20 });
    expect(estimateUsage({ uncached_input: 3, cache_read: 4, output_text: 1 }, guess).meters).toEqual({
      uncached_input: 3,
      cache_read: 4,
      output_text: 20,
    });
    expect(estimateUsage({ output_text: 90, reasoning: 15 }, guess).meters).toEqual({
      uncached_input: 10,
      output_text: 90,
      reasoning: 15,
    });
  });
});
