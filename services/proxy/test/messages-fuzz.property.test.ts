/** `/v1/messages` with anything that can be sent to it, from either side: no crash, no broken form, no cap exceeded. */
import { ApiError } from '@cloudfreedom/service-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adapters } from '../src/providers/registry.ts';
import { messages } from '../src/surfaces/messages/index.ts';
import { messagesRequest } from '../src/surfaces/messages/request.ts';
import type { ClientStream, Ending, Translation } from '../src/surfaces/surface.ts';
import { messageEvents, observeMessage } from './observed-message.ts';
import { cutBytes } from './providers/observed-answer.ts';
import { isChat, loadCases, OWN_CASES } from './providers/recorded-cases.ts';
import { catalogueModel } from './stub-billing.ts';

const APIS = ['openai', 'anthropic', 'gemini'] as const;
const NAMES = { openai: 'gpt-5', anthropic: 'claude-sonnet-4-5', gemini: 'gemini-3-pro' };
const stamp = { id: '0123456789abcdef0123456789abcdef', created: 1 };
const note = { charge_eur: '0.01', remaining_eur: null, request_id: 'r', simulated: false };

function deploymentOf(api: (typeof APIS)[number]) {
  const model = catalogueModel({ name: 'public', provider: api, upstreamModel: NAMES[api], reasoning: 'visible' });
  return {
    model,
    api,
    simulated: false,
    server: { baseUrl: 'http://provider.test', fromDirectory: false },
    keyName: null,
  };
}

function translationFor(body: object, api: (typeof APIS)[number]): Translation {
  const request = messages(messagesRequest.parse(body), {});
  return request.translate({ deployment: deploymentOf(api), adapter: adapters[api], stamp });
}

const word = fc.string({ unit: 'grapheme', maxLength: 12 });
const base64 = fc.base64String({ maxLength: 40 }).filter((text) => text.length > 0);
const marker = fc.constantFrom(undefined, null, { type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' });
const source = fc.oneof(
  fc.record({
    type: fc.constant('base64'),
    media_type: fc.constantFrom('image/png', 'application/pdf', 'x'),
    data: base64,
  }),
  fc.record({ type: fc.constant('url'), url: fc.constantFrom('https://a.example.com/a.png', 'http://localhost/') }),
  fc.record({ type: fc.constant('text'), data: word }),
  fc.record({ type: fc.constant('content'), content: fc.oneof(word, fc.constant([{ type: 'text', text: 'x' }])) }),
  fc.record({ type: fc.constant('file'), file_id: fc.constant('file_1') }),
);
const block: fc.Arbitrary<object> = fc.letrec<{ block: object }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 2 },
    fc.record({ type: fc.constant('text'), text: word, cache_control: marker }),
    fc.record({ type: fc.constantFrom('image', 'document'), source, title: fc.option(word) }),
    fc.record({
      type: fc.constant('thinking'),
      thinking: word,
      signature: fc.oneof(word, fc.constant('cloudfreedom:s')),
    }),
    fc.record({ type: fc.constant('redacted_thinking'), data: word }),
    fc.record({
      type: fc.constant('tool_use'),
      id: fc.constantFrom('a', 'b'),
      name: fc.constantFrom('f', 'g'),
      input: fc.object(),
    }),
    fc.record({
      type: fc.constant('tool_result'),
      tool_use_id: fc.constantFrom('a', 'b'),
      is_error: fc.constantFrom(undefined, true, false),
      content: fc.oneof(word, fc.array(tie('block'), { maxLength: 2 })),
    }),
    fc.record({ type: word.filter((text) => text.length > 0), more: fc.jsonValue() }),
  ),
})).block;
const body = fc.record(
  {
    model: fc.constant('public'),
    max_tokens: fc.integer({ min: 1, max: 100_000 }),
    messages: fc.array(
      fc.record({
        role: fc.constantFrom('user', 'assistant', 'system'),
        content: fc.oneof(word, fc.array(block, { maxLength: 4 })),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    system: fc.oneof(
      word,
      fc.array(fc.record({ type: fc.constant('text'), text: word, cache_control: marker }), { maxLength: 2 }),
    ),
    tools: fc.array(
      fc.record(
        {
          name: fc.constantFrom('f', 'g', 'ä'),
          type: fc.constantFrom(null, 'custom', 'bash_20250124', 'web_search_20250305', 'code_execution_20250825', 'x'),
          input_schema: fc.object(),
          strict: fc.boolean(),
        },
        { requiredKeys: ['name'] },
      ),
      { maxLength: 3 },
    ),
    tool_choice: fc.constantFrom({ type: 'auto' }, { type: 'any' }, { type: 'none' }, { type: 'tool', name: 'f' }),
    thinking: fc.constantFrom(
      { type: 'enabled', budget_tokens: 2_000 },
      { type: 'adaptive' },
      { type: 'disabled' },
      { type: '?' },
    ),
    output_config: fc.record({ effort: fc.constantFrom(null, 'low', 'max', '?') }),
    stop_sequences: fc.array(word, { maxLength: 3 }),
    stream: fc.boolean(),
    more: fc.jsonValue(),
  },
  { requiredKeys: ['model', 'max_tokens', 'messages'] },
);

test.each(APIS)('any request becomes one that keeps the cap, or is refused by a field: %s', (api) => {
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 5_000 }), (given, cap) => {
      const parsed = messagesRequest.safeParse(given);
      if (!parsed.success) {
        for (const { path } of parsed.error.issues) expect(path.length).toBeGreaterThan(0);
        return;
      }
      const request = messages(parsed.data, {});
      const { input, outputTokensWanted } = request.measure(deploymentOf(api));
      expect(outputTokensWanted).toBe(parsed.data.max_tokens);
      expect(input.textBytes).toBeGreaterThanOrEqual(0);
      const built = translationFor(given, api).buildRequest(cap, 4);
      if ('unsupported' in built) {
        expect(built.unsupported.param).toMatch(/^[a-z][\w.[\]-]*$/i);
        return;
      }
      const sent = JSON.parse(built.body);
      expect(sent.max_tokens ?? sent.max_completion_tokens ?? sent.generationConfig.maxOutputTokens).toBe(cap);
      // Nobody but us reads our mark.
      for (const { content } of sent.messages ?? [])
        if (Array.isArray(content)) expect(content.map(({ signature }) => signature)).not.toContain('cloudfreedom:s');
    }),
    { numRuns: 300 },
  );
});

test('anything at all is refused with an error of ours', () => {
  fc.assert(
    fc.property(
      fc.object(),
      fc.dictionary(fc.constantFrom('anthropic-version', 'anthropic-beta'), word),
      (given, headers) => {
        const parsed = messagesRequest.safeParse({
          model: 'm',
          max_tokens: 1,
          messages: [{ role: 'user', content: 'x' }],
          ...given,
        });
        if (!parsed.success) return;
        try {
          messages(parsed.data, headers).measure(deploymentOf('anthropic'));
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      },
    ),
    { numRuns: 300 },
  );
});

const streams = (loadCases(OWN_CASES) ?? []).filter(
  (recorded) => isChat(recorded) && recorded.streamed && recorded.status < 300,
);
const HELLO = { model: 'public', max_tokens: 100, stream: true, messages: [{ role: 'user', content: 'x' }] };

function endingOf(stream: ClientStream, cut: boolean): Ending {
  return { meters: stream.state.meters ?? {}, serviceTier: null, note, stopped: cut ? 'budget' : null, cut };
}

/** What the relay does with a stream that may be stopped by the budget after some of its pieces. */
function relay(stream: ClientStream, pieces: Uint8Array[], stopAfter: number): { text: string; seen: number } {
  let text = '';
  for (const [index, piece] of pieces.entries()) {
    if (index === stopAfter) return { text: text + stream.close(endingOf(stream, true)), seen: stream.outputBytes };
    text += stream.push(piece);
    if (stream.state.failure) break;
  }
  if (!stream.state.failure) text += stream.end();
  const { failure, complete } = stream.state;
  if (failure === null && complete)
    return { text: text + stream.close(endingOf(stream, false)), seen: stream.outputBytes };
  const error = new ApiError('upstream_error', { status: 502, type: 'server_error', message: 'x', retryable: true });
  return { text: text + stream.fail(error), seen: stream.outputBytes };
}

describe.each(streams.map((recorded) => [recorded.id, recorded] as const))('%s', (_id, { provider, body: bytes }) => {
  test('cut anywhere, stopped anywhere: whole events in order, each block closed, one end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), fc.nat(10), (cuts, stopAfter) => {
        const pieces = cutBytes(
          bytes,
          cuts.toSorted((a, b) => a - b),
        );
        const stream = translationFor(HELLO, provider).createStream();
        const { text } = relay(stream, pieces, stopAfter);
        // A native stream that is stopped before its first event has no message to end.
        if (!text.startsWith('event: message_start')) return;
        const { message, stopped, error } = observeMessage(messageEvents(text));
        expect(stopped).toBe(error === null);
        if (stopped) expect(message.stop_reason).toEqual(expect.any(String));
      }),
      { numRuns: 60 },
    );
  });

  test('with bytes exchanged: no crash, and nothing but events', () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(bytes.length), { maxLength: 4 }),
        (changes, cuts) => {
          const mutated = Uint8Array.from(bytes);
          for (const [at, byte] of changes) mutated[at] = byte;
          const pieces = cutBytes(
            mutated,
            cuts.toSorted((a, b) => a - b),
          );
          const stream = translationFor(HELLO, provider).createStream();
          const { text, seen } = relay(stream, pieces, Number.POSITIVE_INFINITY);
          expect(text.endsWith('\n\n')).toBe(true);
          expect(Number.isSafeInteger(seen)).toBe(true);
          for (const event of text.split('\n\n').slice(0, -1))
            expect(event).toMatch(/^event: .*\ndata: \{[\s\S]*\}\s*$/);
        },
      ),
      { numRuns: 60 },
    );
  });
});
