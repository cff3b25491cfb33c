/** Any bytes as a chat request: refused by OpenAI's error body with the field's path, or answered; never a 5xx, never stuck. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatRequests, FIELDS, strange } from './chat-request-arbitraries.ts';
import { MODEL_NAMES, type SimulatedWorld, startSimulatedWorld } from './clients/simulated-world.ts';
import { stopPostgres } from './proxy-under-test.ts';

const ANSWER_WITHIN_MS = 2_000;

let world: SimulatedWorld;
beforeAll(async () => {
  world = await startSimulatedWorld();
});
afterAll(async () => {
  const ended = world.billing.all('settle').length + world.billing.all('void').length;
  expect(ended).toBe(world.billing.all('reserve').length);
  await world.close();
  await stopPostgres();
});

type Json = Record<string, unknown>;
interface Refusal {
  message: string;
  param: string | null;
}

/** @returns the error, or null where it was answered; throws where the client would have reason to complain */
async function send(body: string | Uint8Array<ArrayBuffer>): Promise<Refusal | null> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${world.apiKey}` };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(`${world.baseURL}/chat/completions`, { method: 'POST', headers, body, signal });
  const text = await response.text();
  if (response.status === 200) return null;
  expect([400, 404, 413], text).toContain(response.status);
  const { error } = JSON.parse(text);
  expect(error).toEqual({
    message: expect.stringMatching(/\S/),
    type: 'invalid_request_error',
    code: expect.stringMatching(/^\w+$/),
    param: error.param === null ? null : expect.stringMatching(/./s),
  });
  expect(text).not.toMatch(/127\.0\.0\.1|node_modules|ZodError|at \w+ \(/);
  return error;
}

const plain = (model: string): Json => ({ model, messages: [{ role: 'user', content: 'Hello' }] });
const tool = (name: string, parameters: unknown = {}) => ({ type: 'function', function: { name, parameters } });
const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const image = (url: unknown) => user({ type: 'image_url', image_url: { url } });
const nest = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

/** JSON with raw pieces that no serialiser writes. */
const raw = (model: string, field: string, value: string) =>
  `${JSON.stringify(plain(model)).slice(0, -1)},${JSON.stringify(field)}:${value}}`;

describe.each(MODEL_NAMES)('one field at fault is named: %s', (model) => {
  const DEEP = nest(10_000, '[', ']');
  test.each<[string, unknown, RegExp]>([
    ['10,000 levels in an unknown field', raw(model, 'extra', DEEP), /^extra$/],
    [
      '10,000 levels in a tool',
      raw(model, 'tools', `[${JSON.stringify(tool('f')).replace('{}', `{"a":${DEEP}}`)}]`),
      /^tools/,
    ],
    ['10,000 levels as messages', `{"model":"${model}","messages":${DEEP}}`, /^messages/],
    ['10,000 objects deep', raw(model, 'metadata', nest(10_000, '{"a":', '}').replace(':}', ':1}')), /^metadata$/],
    ['10,000 tools', { tools: Array.from({ length: 10_000 }, (_, index) => tool(`f${index}`)) }, /^tools$/],
    ['10,000 tools that are none', { tools: Array.from({ length: 10_000 }, () => 5) }, /^tools/],
    ['a tool whose schema is none', { tools: [tool('f', 'string')] }, /^tools\[0\]\.function\.parameters$/],
    ['a tool without a name', { tools: [tool('')] }, /^tools\[0\]\.function\.name$/],
    [
      '20,000 messages',
      { messages: Array.from({ length: 20_000 }, () => ({ role: 'user', content: 'x' })) },
      /^messages$/,
    ],
    ['no messages', { messages: [] }, /^messages$/],
    ['an odd role', { messages: [{ role: 'root', content: 'x' }] }, /^messages\[0\]\.role$/],
    ['a role that is a list', { messages: [{ role: ['user'], content: 'x' }] }, /^messages\[0\]\.role$/],
    ['no role', { messages: [{ content: 'x' }] }, /^messages\[0\]\.role$/],
    ['invalid base64', image('data:image/png;base64,%%%%'), /^messages\[0\]\.content\[0\]\.image_url\.url$/],
    [
      'an image inside the network',
      image('http://169.254.169.254/latest'),
      /^messages\[0\]\.content\[0\]\.image_url\.url$/,
    ],
    [
      'an image on this machine',
      image('https://[::ffff:7f00:1]/a.png'),
      /^messages\[0\]\.content\[0\]\.image_url\.url$/,
    ],
    ['an image of a file', image('file:///etc/passwd'), /^messages\[0\]\.content\[0\]\.image_url\.url$/],
    ['an image without an address', image(null), /^messages\[0\]\.content\[0\]\.image_url\.url$/],
    [
      'audio that is none',
      user({ type: 'input_audio', input_audio: { data: '???', format: 'wav' } }),
      /\.input_audio\.data$/,
    ],
    ['a file that is none', user({ type: 'file', file: { file_data: '???' } }), /\.file\.file_data$/],
    ['a part of an unknown type', user({ type: 'hologram' }), /^messages\[0\]\.content\[0\]\.type$/],
    ['a number beyond all bounds', raw(model, 'temperature', '1e999'), /^temperature$/],
    ['a number as text', { temperature: 'NaN' }, /^temperature$/],
    ['a fraction of a choice', { n: 1.5 }, /^n$/],
    ['a negative cap', { max_tokens: -1 }, /^max_tokens$/],
    ['a cap that is no safe number', raw(model, 'max_completion_tokens', '1e300'), /^max_completion_tokens$/],
    ['a duplicated field: the last one counts', raw(model, 'model', '5'), /^model$/],
    ['duplicated messages', raw(model, 'messages', '"x"'), /^messages$/],
    ['a model that is none', { model: '' }, /^model$/],
    ['a model of 10,000 characters', { model: 'x'.repeat(10_000) }, /^model$/],
    ['an unknown model', { model: 'gpt-none' }, /^model$/],
    ['a tool choice without tools', { tool_choice: 'sometimes' }, /^tool_choice/],
    ['an answer format that is none', { response_format: { type: 'xml' } }, /^response_format\.type$/],
    [
      'a schema that is none',
      { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: 5 } } },
      /^response_format\.json_schema\.schema$/,
    ],
  ])('%s', async (_name, body, param) => {
    const refusal = await send(
      typeof body === 'string' ? body : JSON.stringify({ ...plain(model), ...(body as Json) }),
    );
    expect(refusal?.param).toMatch(param);
  });

  test.each<[string, string | Buffer]>([
    ['NaN', raw(model, 'temperature', 'NaN')],
    ['Infinity', raw(model, 'temperature', '-Infinity')],
    ['a leading zero', raw(model, 'n', '01')],
    ['a comma too many', raw(model, 'n', '1,')],
    ['a prototype', raw(model, '__proto__', '{"stream":true}')],
    ['a list', '[]'],
    ['null', 'null'],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('"}')]),
    ],
    ['a character cut in half', Buffer.from(JSON.stringify({ ...plain(model), user: 'ü' })).subarray(0, -3)],
    ['UTF-16', Buffer.from(JSON.stringify(plain(model)), 'utf16le')],
  ])('%s is no JSON or no request', async (_name, body) => {
    expect(await send(typeof body === 'string' ? body : new Uint8Array(body))).not.toBeNull();
  });
});

test('random requests: answered or refused, within two seconds', async () => {
  const seen = { answered: 0, refused: 0, named: 0 };
  await fc.assert(
    fc.asyncProperty(chatRequests(MODEL_NAMES), async (body) => {
      const refusal = await send(JSON.stringify(body));
      seen[refusal ? 'refused' : 'answered'] += 1;
      if (refusal?.param) seen.named += 1;
    }),
    { numRuns: 400 },
  );
  console.log(`random requests: ${JSON.stringify(seen)}`);
  expect(seen.answered).toBeGreaterThan(40);
  expect(seen.named).toBeGreaterThan(seen.refused * 0.8);
}, 120_000);

test('one field changed in a good request: the refusal names that field', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...MODEL_NAMES),
      fc.constantFrom(...FIELDS),
      strange,
      async (model, field, value) => {
        const body = JSON.stringify({ ...plain(model), [field]: value });
        const refusal = await send(body);
        // Names that could change a prototype are refused by the parser, wherever they stand.
        if (refusal && !/"(__proto__|constructor)":/.test(body))
          expect(refusal.param?.split(/[.[]/)[0], refusal.message).toBe(field);
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

test('bytes changed, cut out or put in', async () => {
  const good = Buffer.from(
    JSON.stringify({ ...plain('gpt-5-mini'), tools: [tool('f', { type: 'object' })], user: 'Zoë 🙂' }),
  );
  const edit = fc.record({
    at: fc.nat(good.length),
    cut: fc.nat(8),
    put: fc.uint8Array({ maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, cut, put }) => {
      await send(new Uint8Array(Buffer.concat([good.subarray(0, at), put, good.subarray(at + cut)])));
    }),
    { numRuns: 200 },
  );
}, 120_000);
