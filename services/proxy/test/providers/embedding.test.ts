/** Embeddings at each adapter: what it asks, what it reads of our own and the recorded cases, what it refuses. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { EMBEDDING_TOKENS_MAX, embeddingRequest, encodeEmbedding } from '../../src/providers/embedding.ts';
import type { EmbeddingAdapter } from '../../src/providers/provider.ts';
import { adapters } from '../../src/providers/registry.ts';
import { expectFailure } from './expectations.ts';
import { isEmbedding, loadCases, OWN_CASES, type RecordedCase, SHARED_CASES, SKIPPED } from './recorded-cases.ts';

function adapterOf(provider: RecordedCase['provider']): EmbeddingAdapter {
  const { embeddings } = adapters[provider];
  if (!embeddings) throw new Error(`${provider} makes no embeddings`);
  return embeddings;
}

function testCase(recorded: RecordedCase): void {
  const { expected } = recorded;
  if (recorded.status >= 400) {
    const failure = adapters[recorded.provider].readError(recorded.status, recorded.headers, `${recorded.body}`);
    expectFailure(failure, recorded);
    return;
  }
  const answer = adapterOf(recorded.provider).readAnswer(`${recorded.body}`, expected.count ?? 0);
  if ('failure' in answer) throw new Error(answer.failure.message);
  const { embeddings, meters } = answer;
  expect(embeddings).toHaveLength(expected.count ?? 0);
  const vectors = embeddings.map((embedding) => encodeEmbedding(embedding, 'float') as number[]);
  for (const vector of vectors) expect(vector).toHaveLength(expected.dimensions ?? 0);
  for (const [index, first] of (expected.first3 ?? []).entries())
    for (const [at, number] of first.entries()) expect(vectors[index]?.[at]).toBeCloseTo(number, 6);
  const tokens = expected.usage?.input_tokens ?? expected.raw_usage?.promptTokenCount;
  expect(meters).toEqual(tokens === undefined ? null : { uncached_input: tokens });
}

const shared = loadCases(SHARED_CASES)?.filter(isEmbedding) ?? null;
describe('our own cases', () => {
  test.each((loadCases(OWN_CASES) ?? []).filter(isEmbedding).map((one) => [one.id, one] as const))('%s', (_id, one) =>
    testCase(one),
  );
});
describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => {
  test.each((shared ?? []).map((one) => [one.id, one] as const))('%s', (_id, one) => testCase(one));
  it('are all there', () => expect(shared?.length).toBeGreaterThanOrEqual(9));
});

const build = (provider: 'openai' | 'gemini', fields: object) => {
  const request = embeddingRequest.parse({ model: 'public', ...fields });
  const built = adapterOf(provider).buildRequest({ request, upstreamModel: 'up-1' });
  return 'unsupported' in built ? built.unsupported : { path: built.path, body: JSON.parse(built.body) };
};

describe('the request', () => {
  test('OpenAI gets it as it came, unknown fields too', () => {
    const fields = { input: [[1, 2], [3]], dimensions: 4, encoding_format: 'base64', user: 'u', novel: true };
    expect(build('openai', fields)).toEqual({ path: '/embeddings', body: { ...fields, model: 'up-1' } });
  });
  test('Gemini gets a batch', () => {
    expect(build('gemini', { input: ['a', 'b'], dimensions: 4, encoding_format: 'base64', user: 'u' })).toEqual({
      path: '/v1beta/models/up-1:batchEmbedContents',
      body: {
        requests: ['a', 'b'].map((text) => ({
          model: 'models/up-1',
          content: { parts: [{ text }] },
          outputDimensionality: 4,
        })),
      },
    });
  });
  test.each([
    ['tokens', { input: [1, 2] }, 'input'],
    ['lists of tokens', { input: [[1], [2]] }, 'input'],
    ['too many texts', { input: Array.from({ length: 101 }, () => 'x') }, 'input'],
    ['an unknown field', { input: 'x', task_type: 'RETRIEVAL_QUERY' }, 'task_type'],
  ])('Gemini refuses %s by name', (_what, fields, param) => {
    expect(build('gemini', fields)).toEqual({ param, message: expect.stringContaining('Gemini') });
  });
  test.each([
    ['', 'input'],
    [[], 'input'],
    [['a', ''], 'input.1'],
    [['a', 1], 'input.1'],
    [[[1], 'a'], 'input.1'],
    [[[1], []], 'input.1'],
    [[1, -1], 'input.1'],
    [[1, 0.5], 'input.1'],
    [[[1], [2, 'x']], 'input.1.1'],
    [[null], 'input.0'],
    [null, 'input'],
    [Array.from({ length: 2_049 }, () => 'a'), 'input'],
    [Array.from({ length: EMBEDDING_TOKENS_MAX + 1 }, () => 1), 'input'],
  ])('a wrong input is refused with its place: %#', (input, path) => {
    const parsed = embeddingRequest.safeParse({ model: 'm', input });
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});

describe('the answer', () => {
  const read = (provider: 'openai' | 'gemini', body: object, inputs: number) =>
    adapterOf(provider).readAnswer(JSON.stringify(body), inputs);
  test('comes in the order of the inputs', () => {
    const data = [1, 0].map((index) => ({ index, embedding: [index] }));
    expect(read('openai', { data }, 2)).toMatchObject({ embeddings: [[0], [1]] });
  });
  test.each([
    ['openai', { data: [{ index: 0, embedding: [1] }] }, 2],
    ['openai', { data: [{ index: 0, embedding: [] }] }, 1],
    ['openai', { data: [{ index: 0, embedding: ['1'] }] }, 1],
    ['openai', { data: [{ index: 0, embedding: 'AAA=' }] }, 1],
    ['openai', { data: null }, 1],
    ['gemini', { embeddings: [{ values: [1] }] }, 2],
    ['gemini', { embeddings: [{}] }, 1],
  ] as const)('of %s is malformed: %#', (provider, body, inputs) => {
    expect(read(provider, body, inputs)).toMatchObject({ failure: { kind: 'malformed_answer' } });
  });
  test('base64 and numbers are the same 32-bit floats', () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(vector, (numbers) => {
        const base64 = encodeEmbedding(numbers, 'base64');
        expect(encodeEmbedding(base64, 'float')).toEqual(numbers);
        expect(encodeEmbedding(base64, 'base64')).toBe(base64);
        expect([...new Float32Array(Uint8Array.from(Buffer.from(base64 as string, 'base64')).buffer)]).toEqual(numbers);
      }),
    );
  });
});
