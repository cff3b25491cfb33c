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
  api: changes.provider === undefined || changes.provider === 'custom' ? ('openai' as const) : changes.provider,
  server: { baseUrl: 'http://provider.test', fromDirectory: false },
  keyName: null,
});
const limits = { serverToolCallsMax: 5, serverToolResultTokens: 10_000 };
function bound(request: ChatRequest, to: ReturnType<typeof deployment>, asker: typeof principal) {
  const { streamed, measure } = chatCompletion(request);
  return boundOf(measure(to), to, { streamed, principal: asker, limits });
}
/** The head of a PNG of this size. */
function png(width: number, height: number): string {
  const head = Buffer.alloc(33);
  head.write('\x89PNG\r\n\x1a\n', 'latin1');
  head.writeUInt32BE(13, 8);
  head.write('IHDR', 12);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head.toString('base64');
}
/** Silence. */
function wav(seconds: number): string {
  const file = Buffer.alloc(44 + seconds * 8_000);
  file.write('RIFF');
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  // PCM, one channel, 8,000 samples a second of 8 bits.
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8_000, 24);
  file.writeUInt32LE(8_000, 28);
  file.writeUInt16LE(8, 34);
  return file.toString('base64');
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

  test('an image without its size costs a constant, not the bytes of its base64 text', () => {
    const url = `data:image/tiff;base64,SUkqAA${'A'.repeat(600_000)}`;
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
    const image = {
      type: 'image_url',
      image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
      note: 'x'.repeat(50_000),
    };
    const { inputTokensMax } = bound(ask(changes(image)), deployment({ contextTokens: 10_000_000 }), principal);
    expect(inputTokensMax).toBeGreaterThan(50_000);
  });

  test('a film can fill the context', () => {
    const messages = [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:video/mp4;base64,AA' } }] },
    ];
    expect(bound(ask({ messages }), deployment(), principal).inputTokensMax).toBe(100_000);
  });

  test('a document whose pages nobody can see may fill the context', () => {
    const messages = [
      { role: 'user', content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AA' } }] },
    ];
    expect(bound(ask({ messages }), deployment(), principal).inputTokensMax).toBe(100_000);
  });

  test('a document is counted by its pages, audio by its seconds, an image by its pixels', () => {
    const inputOf = (part: object, model: object) =>
      bound(ask({ messages: [{ role: 'user', content: [part] }] }), deployment(model), principal).inputTokensMax;
    const pdf = Buffer.from('%PDF-1.4 << /Type /Pages /Count 2 >> << /Type /Page >> <</Type/Page>>').toString('base64');
    const file = { type: 'file', file: { file_data: `data:application/pdf;base64,${pdf}` } };
    expect(inputOf(file, { provider: 'gemini' })).toBeGreaterThan(2 * 1_120);
    expect(inputOf(file, { provider: 'gemini' })).toBeLessThan(2 * 1_120 + 200);
    const audio = { type: 'input_audio', input_audio: { data: wav(10), format: 'wav' } };
    expect(inputOf(audio, { provider: 'gemini' })).toBeGreaterThan(320);
    expect(inputOf(audio, { provider: 'gemini' })).toBeLessThan(320 + 200);
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png(750, 100)}` } };
    expect(inputOf(image, { provider: 'anthropic' })).toBeGreaterThan(100);
    expect(inputOf(image, { provider: 'anthropic' })).toBeLessThan(400);
    expect(inputOf(image, { provider: 'openai', upstreamModel: 'gpt-4o' })).toBeLessThan(85 + 170 * 2 + 200);
  });

  test('never more than the context, and text beyond it eight times over is refused', () => {
    const content = (bytes: number) => ({ messages: [{ role: 'user', content: 'x'.repeat(bytes) }] });
    expect(bound(ask(content(150_000)), deployment(), principal).inputTokensMax).toBe(100_000);
    expect(() => bound(ask(content(900_000)), deployment(), principal)).toThrow(/maximum context length is 100000/);
  });
});

describe('beside plain tokens', () => {
  const all = {
    pricedReach: {
      serviceTiers: ['standard' as const, 'flex' as const, 'priority' as const],
      meters: ['cache_write_1h' as const, 'input_audio' as const, 'output_audio' as const, 'server_tool_call' as const],
    },
  };
  const cached = {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    ],
  };
  test.each([
    [{ service_tier: 'auto' }, undefined],
    [{ service_tier: 'flex' }, { serviceTiers: ['standard', 'flex'], rareMeters: [], serverToolCallsMax: 0 }],
    [cached, { serviceTiers: ['standard'], rareMeters: ['cache_write_1h'], serverToolCallsMax: 0 }],
    [
      { modalities: ['text', 'audio'] },
      { serviceTiers: ['standard'], rareMeters: ['output_audio'], serverToolCallsMax: 0 },
    ],
    [{ web_search_options: {} }, { serviceTiers: ['standard'], rareMeters: [], serverToolCallsMax: 5 }],
  ])('%j reaches %j', (changes, reach) => {
    expect(bound(ask(changes), deployment(all), principal).reach).toEqual(reach);
  });

  test.each([
    ['service_tier', { service_tier: 'priority' }],
    ['messages[0].content[0].cache_control', cached],
    ['modalities', { modalities: ['audio'] }],
    ['web_search_options', { web_search_options: {} }],
  ])('what has no price is refused by its field: %s', (param, changes) => {
    expect(() => bound(ask(changes), deployment(), principal)).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param }),
    );
  });

  test('searches multiply the input where the provider reads it again, and need a configured number', () => {
    const search = ask({ web_search_options: {} });
    const { reach, inputTokensMax } = bound(search, deployment({ ...all, provider: 'anthropic' }), principal);
    expect(reach?.serverToolCallsMax).toBe(5);
    expect(inputTokensMax).toBeGreaterThan(15 * 10_000);
    const { streamed, measure } = chatCompletion(search);
    const none = { streamed, principal, limits: { ...limits, serverToolCallsMax: 0 } };
    const to = deployment({ ...all, provider: 'anthropic' });
    expect(() => boundOf(measure(to), to, none)).toThrow(/not offered/);
  });

  test('a model that searches before every answer does it once, and charges no tokens for what it read', () => {
    const model = { ...all, upstreamModel: 'gpt-4o-search-preview' };
    const { reach, inputTokensMax } = bound(ask(), deployment(model), principal);
    expect(reach?.serverToolCallsMax).toBe(1);
    expect(inputTokensMax).toBeLessThan(1_000);
  });

  test('audio that is made can not be watched: it is held whole', () => {
    const asked = ask({ stream: true, modalities: ['text', 'audio'] });
    expect(bound(asked, deployment(all), principal).outputTokensSlice).toBe(8_192);
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
    expect(slice({ stream: true })).toBe(1_024 + 128);
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
