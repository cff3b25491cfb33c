/** Embeddings by OpenAI's own SDK and Vercel's AI SDK: nothing but the base URL and the key is changed. */
import { createOpenAI } from '@ai-sdk/openai';
import { cosineSimilarity, embed, embedMany } from 'ai';
import OpenAI, { NotFoundError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopPostgres } from '../proxy-under-test.ts';
import { catalogueModel } from '../stub-billing.ts';
import { type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

const MODELS = [
  { name: 'text-embedding-3-small', provider: 'openai', dimensions: 1_536 },
  { name: 'gemini-embedding-001', provider: 'gemini', dimensions: 3_072 },
] as const;

let world: SimulatedWorld;
let client: OpenAI;
beforeAll(async () => {
  world = await startSimulatedWorld();
  for (const { name, provider } of MODELS)
    world.billing.models.push(catalogueModel({ name, provider, upstreamModel: name, kind: 'embedding' }));
  world.billing.principal.models = world.billing.models.map(({ name }) => name);
  client = new OpenAI({ baseURL: world.baseURL, apiKey: world.apiKey });
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

describe.each(MODELS)('$name', ({ name: model, dimensions }) => {
  test('float and base64 are the same vector', async () => {
    world.billing.batches = [];
    // Without a format the SDK asks for base64 and turns it into numbers itself.
    const silent = await client.embeddings.create({ model, input: 'A train leaves.' });
    const float = await client.embeddings.create({ model, input: 'A train leaves.', encoding_format: 'float' });
    const base64 = await client.embeddings.create({ model, input: 'A train leaves.', encoding_format: 'base64' });
    const vector = float.data[0]?.embedding ?? [];
    expect(vector).toHaveLength(dimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(silent.data[0]?.embedding).toEqual([...new Float32Array(vector)]);
    const bytes = Buffer.from(String(base64.data[0]?.embedding), 'base64');
    expect(bytes.readFloatLE(0)).toBe(silent.data[0]?.embedding[0]);
    expect(float.usage.prompt_tokens).toBeGreaterThan(0);
    expect(float.usage).toMatchObject({ cloudfreedom: { charge_eur: '0.004217', simulated: true } });
    expect(settledRequests(world)).toBe(3);
  });

  test('several texts, fewer dimensions', async () => {
    const { data } = await client.embeddings.create({ model, input: ['one', 'two', 'one'], dimensions: 8 });
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(data.every(({ embedding }) => embedding.length === 8)).toBe(true);
    expect(data[0]?.embedding).toEqual(data[2]?.embedding);
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
  });

  test('embed and embedMany', async () => {
    const provider = createOpenAI({ baseURL: world.baseURL, apiKey: world.apiKey });
    const one = await embed({ model: provider.embedding(model), value: 'one' });
    const many = await embedMany({ model: provider.embedding(model), values: ['one', 'two'] });
    expect(cosineSimilarity(one.embedding, many.embeddings[0] ?? [])).toBeCloseTo(1, 6);
    expect(many.usage.tokens).toBeGreaterThan(0);
  });
});

test('a model that chats is refused as OpenAI refuses one that is not there', async () => {
  const asking = client.embeddings.create({ model: 'gpt-5-mini', input: 'x' });
  await expect(asking).rejects.toThrow(NotFoundError);
  await expect(asking).rejects.toThrow(/answers chats and makes no embeddings/);
});
