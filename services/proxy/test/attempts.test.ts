/** Several deployments of one name: who is tried next, when, and what each attempt owes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ASK, errorOf, startWorld, stopPostgres, UPSTREAM_KEY, until, type World } from './proxy-under-test.ts';
import { catalogueModel } from './stub-billing.ts';
import {
  answerError,
  answerStream,
  answerWhole,
  type StubUpstream,
  startStream,
  startUpstream,
  textChunk,
} from './stub-upstream.ts';

let world: World;
let second: StubUpstream | undefined;
afterEach(async () => {
  await world.close();
  await second?.close();
  second = undefined;
});
afterAll(stopPostgres);

const ATTEMPTS = { UPSTREAM_ATTEMPTS_MAX: '4', UPSTREAM_CIRCUIT_FAILURES: '5' };
const overloaded = answerError(503, { message: 'Busy.' });

/** The first deployment at the provider, the second one at a server of one's own. */
async function startTwo(environment: NodeJS.ProcessEnv = {}): Promise<StubUpstream> {
  const other = await startUpstream();
  second = other;
  const { host } = new URL(other.url);
  world = await startWorld({
    ...ATTEMPTS,
    PRIVATE_UPSTREAMS: host,
    PROVIDER_KEYS: 'ours=sk-ours-1234',
    ...environment,
  });
  world.billing.tenantType = 'enterprise';
  world.billing.models = [
    catalogueModel({ priority: 1 }),
    catalogueModel({
      id: 'model0000000002',
      deployment: 'ours',
      provider: 'custom',
      upstreamModel: 'llama',
      baseUrl: other.url,
      keyName: 'ours',
      priority: 2,
      contextTokens: 200_000,
    }),
  ];
  return other;
}

async function startOne(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  world = await startWorld({ ...ATTEMPTS, ...environment });
  world.billing.tenantType = 'enterprise';
}

describe('fallback', () => {
  test.each([
    ['429', answerError(429, { message: 'Slow down.', code: 'rate_limit_exceeded' })],
    ['500', answerError(500, { message: 'Oops.' })],
    ['overloaded', overloaded],
    ['context too long', answerError(400, { message: 'Too long.', code: 'context_length_exceeded' })],
    ['a refused key', answerError(401, { message: 'No.', code: 'invalid_api_key' })],
    ['a cut before a status', (response: { destroy(): void }) => response.destroy()],
  ] as const)('on %s: the next one answers, each attempt has its own reservation', async (_name, script) => {
    const other = await startTwo();
    world.upstream.script = script as typeof overloaded;
    const response = await world.chat(ASK);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-cloudfreedom-deployment')).toBe('custom/llama; deployment=ours');
    expect(response.headers.get('x-cloudfreedom-attempts')).toBe('2');
    expect(response.headers.get('x-cloudfreedom-failed-attempts')).toMatch(/^[a-z_]+$/);
    expect(response.headers.get('x-upstream-request-id')).toBe('req_upstream_1');
    const [first, fallback] = world.billing.all('reserve');
    expect(first).toMatchObject({ attempt: 1, deploymentId: 'model0000000001', provider: 'openai' });
    expect(fallback).toMatchObject({ attempt: 2, deploymentId: 'model0000000002', provider: 'custom' });
    expect(fallback?.requestId).toBe(first?.requestId);
    const failedAttempts = [{ deployment: 'gpt-test', kind: expect.stringMatching(/^[a-z_]+$/) }];
    expect(world.billing.all('settle')).toMatchObject([{ failedAttempts }]);
    expect(world.billing.failures).toEqual([]);
    expect(world.billing.all('void').map(({ reservationId }) => reservationId)).toEqual([first?.reservationId]);
    expect(world.billing.all('settle').map(({ reservationId }) => reservationId)).toEqual([fallback?.reservationId]);
    expect(other.seen[0]?.headers.authorization).toBe('Bearer sk-ours-1234');
    expect(other.seen[0]?.body).toMatchObject({ model: 'llama', max_tokens: expect.any(Number) });
    expect(other.seen[0]?.body).not.toHaveProperty('max_completion_tokens');
  });

  test('on an error as the first event of a stream, before a byte has left', async () => {
    const other = await startTwo();
    world.upstream.script = (response) => {
      startStream(response);
      response.end(`data: ${JSON.stringify({ error: { message: 'Busy.', type: 'server_error' } })}\n\n`);
    };
    other.script = answerStream('Here I am.');
    const response = await world.chat({ ...ASK, stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-cloudfreedom-attempts')).toBe('2');
    const text = await response.text();
    expect(text).toContain('Here I am.');
    expect(text).not.toContain('"error"');
    const [first, fallback] = world.billing.all('reserve').map(({ reservationId }) => reservationId);
    expect(world.billing.all('void').map(({ reservationId }) => reservationId)).toEqual([first]);
    expect(world.billing.all('settle').map(({ reservationId }) => reservationId)).toEqual([fallback]);
  });

  test('not on an error after a byte has left: the stream ends with it', async () => {
    const other = await startTwo();
    world.upstream.script = (response) => {
      startStream(response);
      response.end(`${textChunk('Hi')}data: ${JSON.stringify({ error: { message: 'x', type: 'server_error' } })}\n\n`);
    };
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    expect(text).toContain('upstream_error');
    expect(other.seen).toEqual([]);
  });

  test('all streams fail at their first event: a status, as if there had been no stream', async () => {
    const other = await startTwo({ UPSTREAM_ATTEMPTS_MAX: '2' });
    other.script = (response) => {
      startStream(response);
      response.end(`data: ${JSON.stringify({ error: { message: 'Busy.', type: 'server_error' } })}\n\n`);
    };
    world.upstream.script = other.script;
    const response = await world.chat({ ...ASK, stream: true });
    expect(response.status).toBe(502);
    expect(await errorOf(response)).toMatchObject({ code: 'upstream_error' });
    expect(world.billing.all('void')).toHaveLength(2);
    expect(world.billing.all('settle')).toEqual([]);
  });

  test('not for what is the fault of the request: it is the same everywhere', async () => {
    const other = await startTwo();
    world.upstream.script = answerError(400, { message: "Unknown field 'temprature'.", param: 'temprature' });
    const response = await world.chat(ASK);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', param: 'temprature' });
    expect(other.seen).toEqual([]);
  });

  test('all fail: the error of the last one, nothing charged', async () => {
    const other = await startTwo({ UPSTREAM_ATTEMPTS_MAX: '2' });
    world.upstream.script = answerError(500, { message: 'Oops.' });
    other.script = overloaded;
    const response = await world.chat(ASK);
    expect(response.status).toBe(503);
    expect(world.billing.all('void')).toHaveLength(2);
    expect(world.billing.all('settle')).toEqual([]);
  });
});

test('a deployment without tools is passed over for a request with tools', async () => {
  const other = await startTwo();
  const [first, ours] = world.billing.models;
  if (!first || !ours) throw new Error('two deployments');
  world.billing.models = [{ ...first, unsupported: ['tools'] }, ours];
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
  expect((await world.chat({ ...ASK, tools })).status).toBe(200);
  expect(world.upstream.seen).toEqual([]);
  expect(other.seen).toHaveLength(1);
  expect(world.billing.all('reserve')).toHaveLength(1);
});

describe('a deployment without JSON schemas', () => {
  const schema = { type: 'object', properties: {}, additionalProperties: false, required: [] };
  const shape = { type: 'json_schema', json_schema: { name: 'a', schema } };

  test('is passed over for a request with one, and serves the others', async () => {
    const other = await startTwo();
    const [first, ours] = world.billing.models;
    if (!first || !ours) throw new Error('two deployments');
    world.billing.models = [{ ...first, unsupported: ['json_schema'] }, ours];
    expect((await world.chat({ ...ASK, response_format: shape })).status).toBe(200);
    expect([world.upstream.seen.length, other.seen.length]).toEqual([0, 1]);
    expect((await world.chat({ ...ASK, response_format: { type: 'json_object' } })).status).toBe(200);
    expect([world.upstream.seen.length, other.seen.length]).toEqual([1, 1]);
  });

  test.each([
    ['/v1/chat/completions', { ...ASK, response_format: shape }, 'response_format'],
    [
      '/v1/responses',
      { model: ASK.model, input: 'Hi', text: { format: { type: 'json_schema', name: 'a', schema } } },
      'text.format',
    ],
    [
      '/v1/messages',
      { ...ASK, max_tokens: 9, output_config: { format: { type: 'json_schema', schema } } },
      'output_config.format',
    ],
    ['/v1/messages', { ...ASK, max_tokens: 9, output_format: { type: 'json_schema', schema } }, 'output_format'],
  ])('alone, it refuses one of %s by its field, and nothing is held', async (route, body, param) => {
    await startOne();
    world.billing.models = world.billing.models.map((model) => ({ ...model, unsupported: ['json_schema'] }));
    const response = await fetch(`${world.url}${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.billing.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain('takes no JSON schema');
    if (route !== '/v1/messages')
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'unsupported_parameter', param } });
    else expect(text).toContain(param);
    expect(world.upstream.seen).toEqual([]);
    expect(world.billing.all('reserve')).toEqual([]);
  });
});

describe('one deployment', () => {
  test('is asked again after a pause, at most as often as configured', async () => {
    await startOne({ UPSTREAM_ATTEMPTS_MAX: '3' });
    world.upstream.script = (response, seen) =>
      (world.upstream.seen.length < 3 ? overloaded : answerWhole('At last.'))(response, seen);
    const response = await world.chat(ASK);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-cloudfreedom-attempts')).toBe('3');
    expect(world.billing.all('reserve').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test('a long retry-after is left to the client', async () => {
    await startOne();
    world.upstream.script = answerError(429, { message: 'Slow down.' }, { 'retry-after': '20' });
    const response = await world.chat(ASK);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('20');
    expect(world.upstream.seen).toHaveLength(1);
  });

  test('a client that leaves during the pause: no further attempt, nothing held', async () => {
    await startOne();
    world.upstream.script = answerError(429, { message: 'Slow down.' }, { 'retry-after': '4' });
    const leaving = new AbortController();
    const asked = world.chat(ASK, { signal: leaving.signal }).catch(() => undefined);
    await until('the first attempt is given back', () => world.billing.all('void').length === 1);
    leaving.abort();
    await asked;
    await sleep(100);
    expect(world.billing.all('reserve')).toHaveLength(1);
    expect(world.upstream.seen).toHaveLength(1);
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    expect(metrics).toMatch(/request_duration_seconds_count\{.*error_type="client_closed".*\} 1/);
  });
});

describe('the circuit of a deployment', () => {
  test('opens after failures in a row: the others are not kept waiting, and the metrics show it', async () => {
    await startOne({ UPSTREAM_ATTEMPTS_MAX: '1', UPSTREAM_CIRCUIT_FAILURES: '2' });
    world.upstream.script = answerError(500, { message: 'Oops.' });
    expect((await world.chat(ASK)).status).toBe(502);
    expect((await world.chat(ASK)).status).toBe(502);
    world.upstream.script = answerWhole('Better.');
    const third = await world.chat(ASK);
    expect(third.status).toBe(503);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(world.upstream.seen).toHaveLength(2);
    expect(world.billing.all('reserve')).toHaveLength(2);
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    expect(metrics).toMatch(/circuit_state\{deployment="gpt-test".*\} 2/);
    expect(metrics).toMatch(/failed_attempts_total\{deployment="gpt-test",kind="server_error".*\} 2/);
  });

  test('faults of requests do not open it', async () => {
    await startOne({ UPSTREAM_CIRCUIT_FAILURES: '1' });
    world.upstream.script = answerError(400, { message: 'No.' });
    for (let count = 0; count < 3; count++) expect((await world.chat(ASK)).status).toBe(400);
    expect(world.upstream.seen).toHaveLength(3);
  });
});

describe('several keys of one set', () => {
  test('a refused one rests, the other ones work, at once and for the requests after it', async () => {
    await startOne({ PROVIDER_KEYS: 'openai=sk-second-key-5678' });
    world.upstream.script = (response, seen) =>
      (seen.headers.authorization === `Bearer ${UPSTREAM_KEY}`
        ? answerError(401, { message: 'No.', code: 'invalid_api_key' })
        : answerWhole('Hello.'))(response, seen);
    for (let count = 0; count < 10; count++) expect((await world.chat(ASK)).status).toBe(200);
    const refused = world.upstream.seen.filter(({ headers }) => headers.authorization === `Bearer ${UPSTREAM_KEY}`);
    expect(refused.length).toBeLessThanOrEqual(1);
  });
});

describe('addresses of models', () => {
  test.each([
    'http://127.0.0.1:9',
    'http://localhost:9',
    'http://169.254.169.254',
    'http://[::1]:9',
    'http://[::ffff:10.0.0.1]',
  ])('%s leads into a private network: nothing is sent, and the client is told no address', async (baseUrl) => {
    await startOne({ UPSTREAM_ATTEMPTS_MAX: '1' });
    world.billing.models = [catalogueModel({ provider: 'custom', baseUrl: `${baseUrl}/v1` })];
    const response = await world.chat(ASK);
    expect(response.status).toBe(502);
    const error = await errorOf(response);
    expect(error.code).toBe('upstream_unreachable');
    expect(JSON.stringify(error)).not.toMatch(/127\.0|localhost|169\.254|::/);
  });

  test('Azure OpenAI: the deployment in the path, the version in the query, the key in its header', async () => {
    const other = await startTwo();
    world.billing.models = [
      catalogueModel({
        provider: 'custom',
        upstreamModel: 'our gpt',
        baseUrl: other.url.replace('/v1', ''),
        apiVersion: '2024-10-21',
        keyName: 'ours',
      }),
    ];
    expect((await world.chat(ASK)).status).toBe(200);
    const [{ path, headers, body }] = other.seen as [(typeof other.seen)[0]];
    expect(path).toBe('/openai/deployments/our%20gpt/chat/completions?api-version=2024-10-21');
    expect(headers['api-key']).toBe('sk-ours-1234');
    expect(headers.authorization).toBeUndefined();
    expect(body).toHaveProperty('max_completion_tokens');
  });

  test('a server without a key gets none', async () => {
    const other = await startTwo();
    world.billing.models = [catalogueModel({ provider: 'custom', baseUrl: other.url })];
    expect((await world.chat(ASK)).status).toBe(200);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });
});
