/** What a request can cost more than was reserved for it: each such way is bounded, announced to billing, or refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { adapters } from '../src/providers/registry.ts';
import { type Json, type MessagesWorld, startMessagesWorld } from './messages-world.ts';
import { stopPostgres } from './proxy-under-test.ts';
import { catalogueModel } from './stub-billing.ts';

const pricedReach = {
  serviceTiers: ['standard' as const, 'priority' as const],
  meters: ['server_tool_call' as const, 'cache_write_1h' as const, 'input_audio' as const],
};

let world: MessagesWorld;
beforeAll(async () => {
  world = await startMessagesWorld();
  world.billing.models = world.billing.models.map((model) => ({ ...model, pricedReach }));
  world.billing.models.push(catalogueModel({ name: 'own', provider: 'openai', apiVersion: '2024-10-21' }));
  world.billing.principal.models = world.billing.models.map(({ name }) => name);
});
beforeEach(() => world.reset());
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const ASK = {
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'Hello' }] },
  '/v1/completions': { prompt: 'Hello' },
  '/v1/messages': { max_tokens: 2_000, messages: [{ role: 'user', content: 'Hello' }] },
  '/v1/responses': { input: 'Hello' },
};
type Path = keyof typeof ASK;

const ask = (path: Path, body: object) =>
  fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.billing.apiKey}` },
    body: JSON.stringify({ ...ASK[path], ...body }),
  });

/** Refused by a field, and nothing stays reserved. */
async function refused(path: Path, body: object): Promise<string> {
  const response = await ask(path, body);
  const { error } = (await response.json()) as Json;
  expect(response.status, JSON.stringify(error)).toBe(400);
  expect(world.provider.requests).toHaveLength(0);
  const open = world.billing.all('reserve').length - world.billing.all('void').length;
  expect(open, 'reserved and not given back').toBe(0);
  return error.param ?? error.details?.param;
}

/** What was reserved for it. */
async function reserved(path: Path, body: object) {
  const response = await ask(path, body);
  expect(response.status, await response.text()).toBe(200);
  const [operation] = world.billing.all('reserve');
  if (!operation) throw new Error('nothing was reserved');
  return operation;
}

describe('fields of a chat in a Responses request, which nobody has measured there', () => {
  test.each([
    ['n', 8],
    ['web_search_options', {}],
    ['modalities', ['text', 'image']],
    ['audio', { voice: 'alloy', format: 'wav' }],
    ['prediction', { type: 'content', content: 'x' }],
    ['max_tokens', 100_000],
    ['max_completion_tokens', 100_000],
    ['messages', [{ role: 'user', content: 'x' }]],
    ['response_format', { type: 'text' }],
    ['stop', 5],
    ['logit_bias', { 1: 2 }],
  ])('%s', async (field, value) => {
    for (const model of ['gemini', 'claude', 'own']) {
      world.reset();
      expect(await refused('/v1/responses', { model, [field]: value }), model).toBe(field);
    }
  });
});

describe('how often OpenAI may search', () => {
  test.each([['many'], [{}], [-1], [null], [0.5], [1000]])('max_tool_calls %j', async (calls) => {
    const response = await ask('/v1/responses', {
      model: 'gpt',
      tools: [{ type: 'web_search' }],
      max_tool_calls: calls,
    });
    await response.text();
    for (const { body } of world.provider.requests) {
      const sent = (body as Json).max_tool_calls;
      expect([Number.isInteger(sent), sent >= 0, sent <= 5]).toEqual([true, true, true]);
    }
  });
});

describe('fields of a chat in a completion are checked as in a chat', () => {
  test.each([
    ['tools', [null], 'tools[0]'],
    ['tools', { length: 1 }, 'tools'],
    ['stop', 5, 'stop'],
    ['response_format', 5, 'response_format'],
    ['max_completion_tokens', 'many', 'max_completion_tokens'],
    ['reasoning_effort', {}, 'reasoning_effort'],
    ['top_k', 'x', 'top_k'],
    ['tool_choice', 7, 'tool_choice'],
  ])('%s %j', async (field, value, param) => {
    expect(await refused('/v1/completions', { model: 'claude', [field]: value })).toBe(param);
  });
});

test('a fault of an adapter leaves nothing reserved: an expiry would charge it', async () => {
  const broken = vi.spyOn(adapters.openai, 'buildRequest').mockImplementation(() => {
    throw new TypeError('a bug');
  });
  const response = await ask('/v1/chat/completions', { model: 'gpt-plain' });
  broken.mockRestore();
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('a bug');
  const given = world.billing.all('void').map(({ reservationId }) => reservationId);
  expect(given).toEqual(world.billing.all('reserve').map(({ reservationId }) => reservationId));
  expect(given).toHaveLength(1);
});
