/** What streams do beyond the recorded cases: text passed on unchanged, strange and hostile bytes. */
import { PROVIDERS, type ProviderName } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerContext } from '../../src/providers/provider.ts';
import { adapters } from '../../src/providers/registry.ts';
import { EVENT_LENGTH_MAX } from '../../src/providers/sse.ts';
import { cutBytes, observeStream } from './observed-answer.ts';
import { isChat, loadCases, OWN_CASES } from './recorded-cases.ts';

function contextOf(publicModel = 'model', n?: number): AnswerContext {
  const request = {
    model: publicModel,
    messages: [{ role: 'user' as const, content: 'x' }],
    stream: true,
    ...(n ? { n } : {}),
  };
  return { completionId: 'chatcmpl-t', created: 1, publicModel, upstreamModel: 'model', request };
}

const sse = (...events: unknown[]) =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

function observe(provider: ProviderName, text: string, context = contextOf()) {
  return observeStream(adapters[provider], [Buffer.from(text)], context);
}

const chunk = (delta: object, finish: string | null = null, fields: object = {}) => ({
  id: 'chatcmpl-up',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'model-2026',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...fields,
});

describe('openai', () => {
  it('passes the text of a chunk on as it came, spacing and unknown fields included', () => {
    const text = '{ "id":"c", "choices":[{"index":0,"delta":{"content":"\\u00e4"},"finish_reason":null}], "new": 1e0 }';
    const [first] = observe('openai', sse(text)).chunks;
    expect({ json: first?.json, outputBytes: first?.outputBytes }).toEqual({ json: text, outputBytes: 2 });
  });

  it('takes `usage: null` out and exchanges the model without touching the rest', () => {
    const content = { content: ',"usage":null "model":"model-2026"' };
    const sent = JSON.stringify(chunk(content, null, { usage: null }));
    const [plain] = observe('openai', sse(sent)).chunks;
    expect(plain?.json).toBe(sent.replace(/,"usage":null}$/, '}'));
    const [renamed] = observe('openai', sse(sent), contextOf('mine')).chunks;
    expect(renamed?.json).toBe(JSON.stringify({ ...chunk(content), model: 'mine' }));
  });

  it('keeps usage for itself where it comes with words, again and again', () => {
    const usage = (count: number) => ({ usage: { prompt_tokens: 1, completion_tokens: count } });
    const seen = observe(
      'openai',
      sse(chunk({ content: 'a' }, null, usage(1)), chunk({ content: 'b' }, 'stop', usage(2)), '[DONE]'),
    );
    expect(seen.chunks.map(({ json }) => 'usage' in JSON.parse(json))).toEqual([false, false]);
    expect(seen).toMatchObject({ meters: { uncached_input: 1, output_text: 2 }, state: { complete: true } });
  });

  it('gives one finish reason per choice, however often the provider says it', () => {
    const seen = observe('openai', sse(chunk({}, 'stop'), chunk({}, 'length'), '[DONE]'));
    expect(seen.choices[0]?.finishReasons).toEqual(['stop']);
    expect(seen.finishReason).toBe('stop');
  });

  it('is complete only when every choice that was asked for has ended', () => {
    expect(observe('openai', sse(chunk({}, 'stop')), contextOf('model', 2)).state.complete).toBe(false);
    expect(observe('openai', sse('[DONE]')).state.complete).toBe(false);
  });

  it('reads nothing after [DONE]', () => {
    expect(observe('openai', sse('[DONE]', chunk({ content: 'late' }))).chunks).toEqual([]);
  });
});

describe('anthropic', () => {
  it('writes arguments that come with the start of a call, and none twice', () => {
    const start = { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } };
    const seen = observe(
      'anthropic',
      sse({ type: 'content_block_start', index: 0, content_block: start }, { type: 'content_block_stop', index: 0 }),
    );
    expect(seen.choices[0]?.toolCalls[0].function).toEqual({ name: 'f', arguments: '{"a":1}' });
  });

  it('keeps a count that a later event leaves open', () => {
    const seen = observe(
      'anthropic',
      sse(
        {
          type: 'message_start',
          message: { usage: { input_tokens: 5, cache_read_input_tokens: 3, output_tokens: 1 } },
        },
        { type: 'message_delta', delta: {}, usage: { input_tokens: null, output_tokens: 7 } },
      ),
    );
    expect(seen.meters).toEqual({ uncached_input: 5, cache_read: 3, output_text: 7 });
  });

  it('does not take the input of a server tool for a call of the client', () => {
    const seen = observe(
      'anthropic',
      sse(
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
        },
        { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"query":1}' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'something_new', index: 0 },
      ),
    );
    expect(seen.chunks).toEqual([]);
    expect(seen.state.failure).toBeNull();
  });
});

describe('gemini', () => {
  const candidate = (parts: object[], fields: object = {}) => ({ candidates: [{ content: { parts }, ...fields }] });

  it('gives calls ids that are unique over choices and answers', () => {
    const parts = [{ functionCall: { name: 'f' } }, { functionCall: { name: 'f' } }];
    const ids = (completionId: string) =>
      observe('gemini', sse(candidate(parts, { finishReason: 'STOP' })), {
        ...contextOf(),
        completionId,
      }).choices[0]?.toolCalls.map((call) => call.id);
    expect(new Set([...(ids('chatcmpl-1') ?? []), ...(ids('chatcmpl-2') ?? [])]).size).toBe(4);
  });

  it('passes one call on where the client wants one at a time, whole and streamed', () => {
    const parts = ['a', 'b'].map((name) => ({ functionCall: { name, args: {} } }));
    const context = contextOf();
    context.request.parallel_tool_calls = false;
    const body = candidate(parts, { finishReason: 'STOP' });
    const later = candidate([{ functionCall: { name: 'c', args: {} } }], { finishReason: 'STOP' });
    const { choices } = observe('gemini', sse(body, later), context);
    expect(choices[0]).toMatchObject({ toolCalls: [{ function: { name: 'a' } }], finishReasons: ['tool_calls'] });
    expect(choices[0]?.toolCalls).toHaveLength(1);
    const answer = adapters.gemini.readAnswer(JSON.stringify(body), context);
    if ('failure' in answer) throw new Error(answer.failure.message);
    expect(answer.completion.choices).toMatchObject([{ message: { tool_calls: [{ function: { name: 'a' } }] } }]);
    expect(JSON.stringify(answer.completion)).not.toContain('"b"');
  });

  it('shows images, and only the last of repeated finish reasons', () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const seen = observe(
      'gemini',
      sse(candidate([image], { finishReason: 'STOP' }), candidate([{ text: 'x' }], { finishReason: 'MAX_TOKENS' })),
    );
    expect(JSON.parse(seen.chunks[0]?.json ?? '').choices[0].delta.images).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ]);
    expect(seen.choices[0]?.finishReasons).toEqual(['length']);
  });

  it('has not ended with counts alone', () => {
    expect(observe('gemini', sse({ usageMetadata: { promptTokenCount: 2 } })).state.complete).toBe(false);
  });

  it('has ended even where counts follow the finish reason', () => {
    const counts = { ...candidate([]), usageMetadata: { promptTokenCount: 2, totalTokenCount: 2 } };
    const seen = observe('gemini', sse(candidate([{ text: 'x' }], { finishReason: 'STOP' }), counts));
    expect(seen.choices[0]?.finishReasons).toEqual(['stop']);
    expect(seen).toMatchObject({ meters: { uncached_input: 2, output_text: 0 }, state: { complete: true } });
  });

  it.each(['$.__proto__.polluted', '$.constructor.prototype.polluted', "$['__proto__']['polluted']"])(
    'keeps %s a name among the arguments',
    (jsonPath) => {
      const call = { name: 'f', partialArgs: [{ jsonPath, boolValue: true }] };
      const seen = observe('gemini', sse(candidate([{ functionCall: call }], { finishReason: 'STOP' })));
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect(seen.choices[0]?.toolCalls[0].function.arguments).toContain('"polluted":true');
    },
  );

  it.each(['', '$', 'a', '$.a[999999]', '$.a..b', '$[0]', `$${'.a'.repeat(100)}`, '$.a[x]'])(
    'ends at the path %j',
    (jsonPath) => {
      const call = { name: 'f', partialArgs: [{ jsonPath, numberValue: 1 }] };
      const seen = observe('gemini', sse(candidate([{ functionCall: call }], { finishReason: 'STOP' })));
      expect(seen.state).toMatchObject({ complete: false, failure: { kind: 'malformed_answer' } });
    },
  );
});

describe.each(PROVIDERS)('%s, strange bytes', (provider) => {
  it('fails at an event that cannot be read, and says nothing after it', () => {
    for (const event of ['{', 'nonsense', '[1]', '"x"', '1', 'null']) {
      const seen = observe(provider, `data: ${event}\n\n${sse(chunk({ content: 'later' }))}`);
      expect(seen.state).toMatchObject({ complete: false, failure: { kind: 'malformed_answer', status: 0 } });
      expect(seen.chunks).toEqual([]);
    }
  });

  it('fails at an endless event instead of keeping it', () => {
    const reader = adapters[provider].createStreamReader(contextOf());
    const piece = Buffer.alloc(1024 * 1024, 'x');
    reader.push(Buffer.from('data: '));
    for (let pieces = 0; pieces <= EVENT_LENGTH_MAX / piece.length; pieces += 1) reader.push(piece);
    expect(reader.state.failure?.kind).toBe('malformed_answer');
    expect(reader.push(Buffer.from('\n\n'))).toEqual([]);
    expect(reader.end()).toEqual([]);
  });

  it('takes an empty stream for an incomplete answer', () => {
    expect(observe(provider, '').state).toEqual({
      complete: false,
      meters: null,
      serviceTier: null,
      finishReason: null,
      stamp: null,
      failure: null,
    });
  });

  const bodies = (loadCases(OWN_CASES) ?? [])
    .filter((recorded) => isChat(recorded) && recorded.streamed && recorded.provider === provider)
    .map((recorded) => recorded.body);

  /** Noise, JSON of any shape as events, and real bodies with bytes exchanged. */
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.jsonValue(), { maxLength: 6 }).map((values) => Buffer.from(sse(...values))),
    fc
      .tuple(fc.constantFrom(...bodies), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 8 }))
      .map(([body, edits]) => {
        const edited = Buffer.from(body);
        for (const [offset, byte] of edits) edited[offset % edited.length] = byte;
        return edited;
      }),
  );

  it('never throws, whatever comes and wherever it is cut, and stays within the laws', () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat({ max: 4000 }), { maxLength: 6 }), (body, offsets) => {
        const cuts = offsets.toSorted((a, b) => a - b);
        // Not read as a well-behaved client would: where bytes were exchanged a chunk may lack what a client needs.
        const reader = adapters[provider].createStreamReader(contextOf('mine'));
        const chunks = cutBytes(body, cuts).flatMap((piece) => reader.push(piece));
        chunks.push(...reader.end());
        const finished = new Set<number>();
        for (const { json } of chunks) {
          const chunk = JSON.parse(json) as { choices: { index: number; finish_reason?: unknown }[] };
          expect(chunk).not.toHaveProperty('usage');
          for (const { index, finish_reason } of chunk.choices) {
            if (typeof finish_reason !== 'string') continue;
            expect(finished.has(index)).toBe(false);
            finished.add(index);
          }
        }
        if (reader.state.failure) expect(reader.state.complete).toBe(false);
        for (const count of Object.values(reader.state.meters ?? {})) expect(count).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 400 },
    );
  });

  it('never throws at an answer or an error of any shape', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, fc.integer({ min: 400, max: 599 }), (body, status) => {
        const answer = adapters[provider].readAnswer(body, contextOf());
        if (!('failure' in answer)) expect(answer.completion.choices.length).toBeGreaterThan(0);
        expect(adapters[provider].readError(status, {}, body).message).not.toBe('');
      }),
    );
  });
});
