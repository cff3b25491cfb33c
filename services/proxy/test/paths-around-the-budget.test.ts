/** What a request can cost more than was reserved for it: each such way is bounded, announced to billing, or refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { adapters } from '../src/providers/registry.ts';
import { emptySize } from '../src/surfaces/input-size.ts';
import { addAudio, addFile } from '../src/surfaces/media.ts';
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
  world.billing.models.push(catalogueModel({ name: 'gpt-accent', upstreamModel: 'gpt-λ' }));
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

/** What was reserved for it, whatever the provider says to it. */
async function reserved(path: Path, body: object) {
  await (await ask(path, body)).text();
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

describe('input whose size the request does not show counts as the whole context', () => {
  const fetched = {
    type: 'web_fetch_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: {
      type: 'web_fetch_result',
      content: { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
    },
  };
  const spoken = { role: 'assistant', audio: { id: 'audio_1' } };
  const film = { role: 'assistant', content: 'x', images: [{ image_url: { url: 'data:video/mp4;base64,AAAA' } }] };
  const flac = { type: 'input_audio', input_audio: { data: Buffer.from('fLaC').toString('base64'), format: 'mp3' } };
  const kept = { type: 'file', file: { file_data: 'data:text/plain;base64,AAAA', file_id: 'file-1' } };
  const user = (part: object) => ({ role: 'user', content: [part] });
  const screen = { type: 'computer_screenshot', image_url: 'https://example.com/a.png' };
  test.each<[string, Path, string, object]>([
    ['a fetched document', '/v1/messages', 'claude', { messages: [user(fetched)] }],
    ['audio by its id', '/v1/chat/completions', 'gpt-plain', { messages: [spoken, { role: 'user', content: 'x' }] }],
    ['a film as an image', '/v1/chat/completions', 'gemini', { messages: [film, { role: 'user', content: 'x' }] }],
    ['audio that may be silence', '/v1/chat/completions', 'gemini', { messages: [user(flac)] }],
    ['a file by its id beside another', '/v1/chat/completions', 'gpt-plain', { messages: [user(kept)] }],
    [
      'a screenshot',
      '/v1/responses',
      'gpt',
      { input: [{ type: 'computer_call_output', call_id: 'c', output: screen }] },
    ],
    ['an image by its id', '/v1/responses', 'gpt', { input: [{ type: 'image_generation_call', id: 'ig_1' }] }],
  ])('%s', async (_what, path, model, body) => {
    expect((await reserved(path, { model, ...body })).inputTokensMax).toBe(100_000);
  });

  test('a WAV file that lies about its bytes per second, a PDF that shows one page often', () => {
    const head = Buffer.alloc(48_000);
    head.write('RIFF', 0, 'latin1');
    head.write('WAVEfmt ', 8, 'latin1');
    for (const [at, value] of [
      [20, 1],
      [22, 1],
      [34, 16],
    ] as const)
      head.writeUInt16LE(value, at);
    head.writeUInt32LE(16_000, 24);
    head.writeUInt32LE(4_000_000_000, 28);
    const size = emptySize();
    addAudio(size, head.toString('base64'));
    const pdf = '%PDF-1.4 << /Type /Pages /Kids [3 0 R 3 0 R] /Count 2000 >> << /Type /Page >>';
    addFile(size, 'application/pdf', Buffer.from(pdf).toString('base64'));
    expect(size.media).toEqual([
      { kind: 'audio', seconds: 1.5 },
      { kind: 'pdf', pages: 2_000 },
    ]);
  });
});

describe('what is dearer than it looks', () => {
  test.each([
    'models',
    'route',
    'provider',
    'preset',
    'plugins',
    'search_parameters',
    'data_sources',
    'n_predict',
    'best_of',
  ])("a server's own %s", async (field) => {
    expect(await refused('/v1/chat/completions', { model: 'own', [field]: ['x'] })).toBe(field);
  });

  test("Anthropic's tier bought ahead is announced, asked for or not", async () => {
    const { reach } = await reserved('/v1/messages', { model: 'claude' });
    expect(reach?.serviceTiers).toEqual(['standard', 'priority']);
  });

  test('a cache marker of an hour deep inside a document', async () => {
    const content = [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }];
    const document = { type: 'document', source: { type: 'content', content } };
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: [document] };
    const { reach } = await reserved('/v1/messages', {
      model: 'claude',
      messages: [{ role: 'user', content: [result] }],
    });
    expect(reach?.rareMeters).toEqual(['cache_write_1h']);
  });
});

test.each([
  ['custom_tool_call_output', [{ type: 'input_image', image_url: 'http://169.254.169.254/latest' }]],
  ['computer_call_output', { type: 'computer_screenshot', image_url: 'http://[::ffff:10.0.0.1]/' }],
])('an address inside a private network in a %s is refused by its path', async (type, output) => {
  const body = { model: 'gpt', input: [{ type, call_id: 'c', output }] };
  expect(await refused('/v1/responses', body)).toMatch(/^input\[0\]\.output.*image_url$/);
});

test('a name that no header can carry does not lose an answer that is paid', async () => {
  const response = await ask('/v1/chat/completions', { model: 'gpt-accent' });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-cloudfreedom-deployment')).toMatch(/^openai\/gpt-\?/);
});
