/** Every kind of failure of a provider: its status, its code, and nothing of keys, addresses or accounts in the answer. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ASK, startWorld, stopPostgres, UPSTREAM_KEY, type World } from './proxy-under-test.ts';
import { answerError, startStream, textChunk, type UpstreamScript } from './stub-upstream.ts';

const PLANTED = `Key ${UPSTREAM_KEY} at https://inner.provider.example/v1?key=abc, host 10.1.2.3:8080, org-a1b2c3d4e5`;
const failing = (status: number, error: Record<string, unknown> = {}): UpstreamScript =>
  answerError(status, { message: PLANTED, ...error }, { 'x-request-id': 'req_failed_1' });
const insideStream: UpstreamScript = (response) => {
  startStream(response);
  response.end(`${textChunk('Hi')}data: ${JSON.stringify({ error: { message: PLANTED, type: 'server_error' } })}\n\n`);
};

let world: World;
beforeEach(async () => {
  world = await startWorld({ UPSTREAM_HEADERS_TIMEOUT_MS: '200', UPSTREAM_ANSWER_TIMEOUT_MS: '200' });
  world.billing.tenantType = 'enterprise';
});
afterEach(() => world.close());
afterAll(stopPostgres);

function expectNothingPlanted(text: string): void {
  for (const secret of [UPSTREAM_KEY, 'inner.provider', '10.1.2.3', 'org-a1b2', '127.0.0.1', world.upstream.url])
    expect(text).not.toContain(secret);
}

describe('before the answer', () => {
  const UNKNOWN = ['timeout at the gateway', 'timeout of ours', 'malformed_answer', 'cut'];
  test.each<[string, UpstreamScript, number, string]>([
    ['invalid_request', failing(400), 400, 'invalid_request'],
    ['context_too_long', failing(400, { code: 'context_length_exceeded' }), 400, 'context_length_exceeded'],
    ['content_filtered', failing(400, { code: 'content_filter' }), 400, 'content_filtered'],
    ['authentication', failing(401), 502, 'upstream_error'],
    ['quota', failing(429, { code: 'insufficient_quota' }), 502, 'upstream_error'],
    ['permission', failing(403), 502, 'upstream_error'],
    ['model_not_found', failing(404), 502, 'upstream_error'],
    ['rate_limited', failing(429), 429, 'upstream_rate_limited'],
    ['server_error', failing(500), 502, 'upstream_error'],
    ['overloaded', failing(503), 503, 'upstream_overloaded'],
    ['timeout at the gateway', failing(504), 504, 'upstream_timeout'],
    ['timeout of ours', () => {}, 504, 'upstream_timeout'],
    ['malformed_answer', (response) => response.writeHead(200).end(PLANTED), 502, 'upstream_error'],
    ['cut', (response) => void response.destroy(), 502, 'upstream_error'],
  ])('%s', async (kind, script, status, code) => {
    world.upstream.script = script;
    const response = await world.chat(ASK);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(text)).toMatchObject({ error: { code } });
    expectNothingPlanted(text + JSON.stringify([...response.headers]));
    expect(world.billing.all('settle')).toEqual([]);
    const [ending, ...others] = world.billing.all('void');
    expect(others).toEqual([]);
    // Where the provider may have worked, the tenant has an estimate as its loss.
    const estimate = {
      basis: 'estimated',
      meters: { uncached_input: expect.any(Number), output_text: expect.any(Number) },
    };
    expect(ending?.lost).toEqual(UNKNOWN.includes(kind) ? estimate : undefined);
  });
});

test('inside a stream', async () => {
  world.upstream.script = insideStream;
  const response = await world.chat({ ...ASK, stream: true });
  const text = await response.text();
  expect(text).toContain('"code":"upstream_error"');
  expectNothingPlanted(text);
  expect(text).not.toContain('[DONE]');
});
