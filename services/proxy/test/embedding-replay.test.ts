/** Embeddings through the whole proxy: our own and the recorded cases, and the money of each. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeEmbedding } from '../src/providers/embedding.ts';
import { cutBytes } from './providers/observed-answer.ts';
import {
  isEmbedding,
  loadCases,
  OWN_CASES,
  type RecordedCase,
  SHARED_CASES,
  SKIPPED,
} from './providers/recorded-cases.ts';
import { errorOf, startWorld, stopPostgres, UPSTREAM_KEY, type World } from './proxy-under-test.ts';
import { type ReplayUpstream, startReplayUpstream } from './replay-upstream.ts';
import { catalogueModel } from './stub-billing.ts';

const own = (loadCases(OWN_CASES) ?? []).filter(isEmbedding);
const shared = loadCases(SHARED_CASES)?.filter(isEmbedding) ?? null;
const publicModelOf = ({ provider, model }: RecordedCase) => `public/${provider}/${model}`;
const CONTEXT_TOKENS = 100;

let world: World;
let upstream: ReplayUpstream;

beforeAll(async () => {
  upstream = await startReplayUpstream();
  world = await startWorld({
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    ANTHROPIC_API_KEY: UPSTREAM_KEY,
    GEMINI_API_KEY: UPSTREAM_KEY,
    GEMINI_BASE_URL: upstream.url,
  });
  const models = new Map([...own, ...(shared ?? [])].map((recorded) => [publicModelOf(recorded), recorded]));
  world.billing.models = [...models].map(([name, { provider, model }]) =>
    catalogueModel({ name, provider, upstreamModel: model, kind: 'embedding', contextTokens: CONTEXT_TOKENS }),
  );
  world.billing.models.push(
    catalogueModel(),
    catalogueModel({ name: 'none', provider: 'anthropic', kind: 'embedding' }),
  );
  world.billing.principal.models = world.billing.models.map(({ name }) => name);
});
beforeEach(() => {
  world.billing.batches = [];
});
afterAll(async () => {
  await world.close();
  await upstream.close();
  await stopPostgres();
  if (!shared) console.log(`Recorded cases${SKIPPED}`);
});

const embed = (body: object) =>
  fetch(`${world.url}/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.billing.apiKey}` },
    body: JSON.stringify(body),
  });

async function play(recorded: RecordedCase, format: 'float' | 'base64'): Promise<void> {
  const { expected, status, headers, body } = recorded;
  upstream.replay = { status, headers, pieces: cutBytes(body, [1, Math.floor(body.length / 2)]) };
  const model = publicModelOf(recorded);
  const input = Array.from({ length: expected.count ?? 1 }, () => 'eight by');
  const response = await embed({ model, input, encoding_format: format });
  const [reserved] = world.billing.all('reserve');
  expect(reserved).toMatchObject({ outputTokensCap: 0, outputTokensMin: 0, outputTokensSlice: 0, choices: 1 });
  expect(reserved?.inputTokensMax).toBeGreaterThanOrEqual(8 * input.length);
  if (status >= 400) {
    expect(response.status).toBe(502);
    expect(await errorOf(response)).toMatchObject({ code: 'upstream_error' });
    expect(world.billing.all('void')).toHaveLength(1);
    return;
  }
  expect(response.status).toBe(200);
  expect(response.headers.get('x-cloudfreedom-charge-eur')).toBe('0.004217');
  // biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
  const told: any = await response.json();
  expect(told).toMatchObject({ object: 'list', model });
  const vectors = told.data.map((item: { embedding: number[] | string }) => encodeEmbedding(item.embedding, 'float'));
  expect(told.data.map(({ index, object }: { index: number; object: string }) => [index, object])).toEqual(
    input.map((_, index) => [index, 'embedding']),
  );
  for (const { embedding } of told.data) expect(typeof embedding).toBe(format === 'base64' ? 'string' : 'object');
  for (const [index, first] of (expected.first3 ?? []).entries()) {
    expect(vectors[index]).toHaveLength(expected.dimensions ?? 0);
    for (const [at, number] of first.entries()) expect(vectors[index][at]).toBeCloseTo(number, 6);
  }
  const tokens = expected.usage?.input_tokens ?? expected.raw_usage?.promptTokenCount;
  const [settled] = world.billing.all('settle');
  expect(settled?.usage.basis).toBe(tokens === undefined ? 'estimated' : 'exact');
  if (tokens !== undefined) expect(settled?.usage.meters).toEqual({ uncached_input: tokens });
  expect(told.usage.prompt_tokens).toBe(settled?.usage.meters.uncached_input);
  expect(told.usage.total_tokens).toBe(told.usage.prompt_tokens);
  expect(told.usage.cloudfreedom.charge_eur).toBe('0.004217');
}

function testAll(cases: RecordedCase[]): void {
  test.each(cases.map((recorded) => [recorded.id, recorded] as const))('%s', async (_id, recorded) => {
    await play(recorded, 'float');
    world.billing.batches = [];
    await play(recorded, 'base64');
  });
}
describe('our own cases', () => testAll(own));
describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => testAll(shared ?? []));

describe('what is refused', () => {
  test.each([
    ['a chat model', { model: 'gpt-test', input: 'x' }, 404, 'model_not_found', 'model'],
    ['an unknown model', { model: 'nobody', input: 'x' }, 404, 'model_not_found', 'model'],
    ['a provider without embeddings', { model: 'none', input: 'x' }, 400, 'unsupported_parameter', 'model'],
    [
      'tokens where texts are needed',
      { model: 'public/gemini/no-such-model', input: [1] },
      400,
      'unsupported_parameter',
      'input',
    ],
    ['no input', { model: 'none' }, 400, 'invalid_request', 'input'],
    ['an empty text', { model: 'none', input: ['a', ''] }, 400, 'invalid_request', 'input[1]'],
    [
      'a format of its own',
      { model: 'none', input: 'a', encoding_format: 'int8' },
      400,
      'invalid_request',
      'encoding_format',
    ],
    ['no dimensions', { model: 'none', input: 'a', dimensions: 0 }, 400, 'invalid_request', 'dimensions'],
  ])('%s', async (_what, body, status, code, param) => {
    const asked = upstream.asked;
    const response = await embed(body);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({ code, param });
    expect(upstream.asked).toBe(asked);
    expect(world.billing.all('settle')).toEqual([]);
  });

  test('more text than fits, counted for each input by itself', async () => {
    const model = 'public/openai/text-embedding-3-small';
    const long = 'x'.repeat(8 * CONTEXT_TOKENS);
    const response = await embed({ model, input: [long, `${long}x`] });
    expect(await errorOf(response)).toMatchObject({ code: 'context_length_exceeded', param: 'input' });
    upstream.replay = {
      status: 200,
      headers: {},
      pieces: [Buffer.from('{"data":[{"embedding":[1]},{"embedding":[1]}]}')],
    };
    expect((await embed({ model, input: [long, long] })).status).toBe(200);
    expect(world.billing.all('reserve')[0]?.inputTokensMax).toBe(2 * CONTEXT_TOKENS);
  });

  test('without a key nothing is read', async () => {
    expect((await fetch(`${world.url}/v1/embeddings`, { method: 'POST', body: '{' })).status).toBe(401);
  });

  test('an answer that is none: the hold is given back', async () => {
    upstream.replay = { status: 200, headers: {}, pieces: [Buffer.from('{"data":[]}')] };
    const response = await embed({ model: 'public/openai/text-embedding-3-small', input: 'x' });
    expect(response.status).toBe(502);
    expect(world.billing.all('void')).toHaveLength(1);
    expect(world.billing.all('settle')).toEqual([]);
  });
});
