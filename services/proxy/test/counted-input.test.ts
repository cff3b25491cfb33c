/** Where bytes would refuse a request that the budget affords, the tokens are counted. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bound } from '../src/inference/bound.ts';
import type { Parts } from '../src/inference/parts.ts';
import { tighten } from '../src/inference/tighten.ts';
import { chatRequest } from '../src/providers/chat-request.ts';
import { adapters } from '../src/providers/registry.ts';
import { chatCompletion } from '../src/surfaces/chat/index.ts';
import type { Demand } from '../src/surfaces/surface.ts';
import { encodingOf, TokenCounter } from '../src/tokens/token-counter.ts';
import { loadCases, SHARED_CASES, SKIPPED } from './providers/recorded-cases.ts';
import { ASK, startWorld, stopPostgres, type World } from './proxy-under-test.ts';
import { catalogueModel, refused, StubBilling } from './stub-billing.ts';

const counter = new TokenCounter();
afterAll(() => counter.close());

const limits = { serverToolCallsMax: 5, serverToolResultTokens: 10_000 };
const { principal } = new StubBilling();
const deploymentOf = (upstreamModel: string) => ({
  model: catalogueModel({
    upstreamModel,
    contextTokens: 1_000_000,
    pricedReach: { serviceTiers: ['standard', 'flex'], meters: [] },
  }),
  api: 'openai' as const,
  simulated: false,
  server: { baseUrl: 'http://provider.test', fromDirectory: false },
  keyName: null,
});

/** No provider is asked: OpenAI's models are counted here. */
const tightenTexts = async (demand: Demand, deployment: ReturnType<typeof deploymentOf>) => {
  const refusedFor = refused('insufficient_quota').budget;
  if (!refusedFor) throw new Error('the stub told no figures');
  const nobody = {} as Pick<Parts, 'upstreams' | 'providerKeys'>;
  const order = { adapter: adapters.openai, refused: refusedFor, request: () => null, clientGone: AbortSignal.any([]) };
  return tighten({ ...nobody, tokenCounter: counter }, { ...order, demand, deployment });
};

describe('the counter', () => {
  test("knows OpenAI's encodings, and says so of no other model", async () => {
    expect(await counter.count('o200k_base', ['Hello world', 'Grüß Gott'])).toBe(2 + 4);
    expect(await counter.count('cl100k_base', ['tiktoken is great!'])).toBe(6);
    expect(['gpt-4o-mini', 'gpt-5.6', 'o3', 'gpt-4', 'gpt-3.5-turbo'].map(encodingOf)).toEqual([
      'o200k_base',
      'o200k_base',
      'o200k_base',
      'cl100k_base',
      'cl100k_base',
    ]);
    expect(['llama-3', 'gpt-oss', 'claude-opus-5', 'text-embedding-3-small'].map(encodingOf)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('never more tokens than bytes; control tokens in a text are text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 4 }), async (texts) => {
        const spelled = [...texts, '<|endoftext|><|im_start|>'];
        const bytes = spelled.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        const tokens = (await counter.count('o200k_base', spelled)) ?? -1;
        expect(tokens).toBeLessThanOrEqual(bytes);
        expect(tokens).toBeGreaterThan(2);
      }),
      { numRuns: 50 },
    );
  });

  test('what is too long or too slow has no count, and the next one is counted again', async () => {
    expect(await counter.count('o200k_base', ['x'.repeat(5_000_000)])).toBeNull();
    // One word of a million letters: counted, or given up in time.
    const slow = await counter.count('o200k_base', ['ab'.repeat(500_000)]);
    expect(slow === null || slow > 0).toBe(true);
    expect(await counter.count('o200k_base', ['Hello world'])).toBe(2);
  });
});

const shared = loadCases(SHARED_CASES);
const asked = (shared ?? []).filter(
  ({ provider, endpoint, request, expected, status }) =>
    provider === 'openai' && endpoint === 'chat' && request && expected.usage && status === 200,
);

describe.skipIf(!shared)(`recorded requests${shared ? '' : SKIPPED}`, () => {
  const readable = asked.filter(({ request }) => chatRequest.safeParse(request).success);

  test.each(readable.map((recorded) => [recorded.id, recorded] as const))(
    '%s: counted, still a bound',
    async (_id, recorded) => {
      const request = chatCompletion(chatRequest.parse(recorded.request));
      const deployment = deploymentOf(recorded.model);
      const demand = request.measure(deployment);
      const wide = bound(demand, deployment, { streamed: false, principal, limits }).inputTokensMax;
      const tightened = await tightenTexts(demand, deployment);
      const close = tightened && bound(tightened, deployment, { streamed: false, principal, limits }).inputTokensMax;
      const read = recorded.expected.usage?.input_tokens ?? 0;
      expect(wide).toBeGreaterThanOrEqual(read);
      if (close !== null) {
        expect(close).toBeGreaterThanOrEqual(read);
        expect(close).toBeLessThan(wide);
      }
    },
  );

  test('there are enough of them', () => {
    expect(readable.length).toBeGreaterThan(20);
  });
});

describe('a request near the limit', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    world.billing.models = [catalogueModel({ upstreamModel: 'gpt-4o-mini' })];
  });
  afterAll(async () => {
    await world.close();
    await stopPostgres();
  });
  afterEach(() => {
    world.billing.batches = [];
  });
  const long = {
    ...ASK,
    messages: [{ role: 'user', content: 'The quick brown fox jumps over the lazy dog. '.repeat(100) }],
  };
  const affordUpTo = (inputTokens: number) => {
    world.billing.reply = (operation) =>
      operation.op === 'reserve' && operation.inputTokensMax > inputTokens ? refused('insufficient_quota') : undefined;
  };

  test('is counted and served; a budget that affords the bytes is asked once', async () => {
    affordUpTo(2_000);
    expect((await world.chat(long)).status).toBe(200);
    const [first, second, ...others] = world.billing.all('reserve');
    expect(first?.inputTokensMax).toBeGreaterThan(4_500);
    expect(second?.inputTokensMax).toBeLessThan(1_200);
    expect(second?.reservationId).not.toBe(first?.reservationId);
    expect(others).toEqual([]);
    world.billing.batches = [];
    affordUpTo(10_000);
    expect((await world.chat(long)).status).toBe(200);
    expect(world.billing.all('reserve')).toHaveLength(1);
  });

  test('is refused when the tokens are too many as well', async () => {
    affordUpTo(500);
    expect((await world.chat(long)).status).toBe(429);
    expect(world.billing.all('reserve')).toHaveLength(2);
  });
});
