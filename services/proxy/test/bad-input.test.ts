/** What a client is told when something is in the way: OpenAI's error body with type, code and param. */
import { request as httpRequest } from 'node:http';
import { createSecret } from '@cloudfreedom/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ASK, errorOf, startWorld, stopPostgres, UPSTREAM_KEY, type World } from './proxy-under-test.ts';
import { catalogueModel } from './stub-billing.ts';
import { answerError, answerWhole } from './stub-upstream.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ BODY_LIMIT_BYTES: '2000000' });
});
afterEach(() => {
  world.billing.reply = () => undefined;
  world.upstream.script = answerWhole('Hello.');
  world.upstream.seen = [];
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const user = (content: unknown) => ({ ...ASK, messages: [{ role: 'user', content }] });

describe('the key', () => {
  test.each([
    ['missing', undefined, /didn't provide an API key/],
    ['no bearer', 'Basic abc', /must read: Bearer/],
    ['of somebody else', 'Bearer sk-proj-1234567890', /begin with "cf-"/],
    ['mistyped', 'replace', /mistyped or cut off/],
    ['unknown', `Bearer ${createSecret('cf-')}`, /unknown, revoked or expired/],
    ['a service token', `Bearer ${createSecret('cfs-')}`, /begin with "cf-"/],
  ])('%s: 401 invalid_api_key with the reason', async (_name, authorization, message) => {
    const key = world.billing.apiKey;
    const mistyped = `Bearer ${key.slice(0, 10)}${key[10] === 'a' ? 'b' : 'a'}${key.slice(11)}`;
    const response = await fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization && { authorization: authorization === 'replace' ? mistyped : authorization }),
      },
      body: JSON.stringify(ASK),
    });
    expect(response.status).toBe(401);
    const error = await errorOf(response);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' });
    expect(error.message).toMatch(message);
    expect(world.upstream.seen).toHaveLength(0);
  });
});

describe('the body', () => {
  test('of a stranger is not even parsed', async () => {
    const response = await fetch(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${createSecret('cf-')}` },
      body: '{"model": ',
    });
    expect(response.status).toBe(401);
  });

  test('with more list items than any real request: 400 that names the field, at once', async () => {
    const parts = `[${'{},'.repeat(300_000)}{}]`;
    const startedAt = performance.now();
    const response = await world.chat(`{"model":"gpt-5.4-mini","messages":[{"role":"user","content":${parts}}]}`);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'invalid_request', param: 'messages' });
    console.log(`300,000 list items refused in ${Math.round(performance.now() - startedAt)} ms`);
  });

  test.each([
    ['no JSON', '{"model": ', ''],
    ['empty', '', ''],
    ['a number as content', user(5), 'messages[0].content'],
    ['a number as text of a part', user([{ type: 'text', text: 5 }]), 'messages[0].content[0].text'],
    ['an unknown role', { ...ASK, messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
    ['a cap of zero', { ...ASK, max_tokens: 0 }, 'max_tokens'],
    ['stream as text', { ...ASK, stream: 'yes' }, 'stream'],
    ['no messages', { model: 'gpt-test' }, 'messages'],
    ['no model', { messages: ASK.messages }, 'model'],
  ])('%s: 400 with the path', async (_name, body, param) => {
    const response = await world.chat(body);
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_request', param: param || null });
    expect(error.message).toContain(param || 'JSON');
    expect(world.upstream.seen).toHaveLength(0);
  });

  test('over the limit: 413', async () => {
    const response = await world.chat(user('x'.repeat(2_000_001)));
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toMatchObject({ code: 'body_too_large' });
  });

  test('text that no context can hold: 400 context_length_exceeded, without asking anybody', async () => {
    const response = await world.chat(user('x'.repeat(800_001)));
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    expect(world.upstream.seen).toHaveLength(0);
  });

  test('100,000 levels deep: refused or answered in bounded time, and the proxy lives on', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const response = await world.chat(
      `{"model":"gpt-test","messages":[{"role":"user","content":"x"}],"extra":${deep}}`,
    );
    expect([200, 400, 413]).toContain(response.status);
    await response.text();
    expect((await world.chat(ASK)).status).toBe(200);
  });

  test('not JSON by its type: 415', async () => {
    const response = await world.chat('x', { headers: { 'content-type': 'text/plain' } });
    expect(response.status).toBe(415);
  });
});

describe('the model', () => {
  test("unknown: 404 in OpenAI's words", async () => {
    const response = await world.chat({ ...ASK, model: 'gpt-nothing' });
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toEqual({
      message: 'The model `gpt-nothing` does not exist or you do not have access to it.',
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
    });
  });

  test('without a price: 404 model_not_priced', async () => {
    const other = await startWorld();
    try {
      other.billing.models = [catalogueModel({ priced: false })];
      const response = await other.chat(ASK);
      expect(response.status).toBe(404);
      expect(await errorOf(response)).toMatchObject({ code: 'model_not_priced' });
      expect(other.upstream.seen).toHaveLength(0);
    } finally {
      await other.close();
    }
  });
});

describe('the upstream', () => {
  const SECRET_WORDS = `bad key ${UPSTREAM_KEY}`;
  test.each([
    [400, { message: 'Unsupported value: temperature', param: 'temperature' }, 400, 'invalid_request', 'temperature'],
    [400, { message: 'too long', code: 'context_length_exceeded' }, 400, 'context_length_exceeded', null],
    [401, { message: SECRET_WORDS, code: 'invalid_api_key' }, 502, 'upstream_error', null],
    [403, { message: SECRET_WORDS }, 502, 'upstream_error', null],
    [429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, 429, 'upstream_rate_limited', null],
    [500, { message: SECRET_WORDS }, 502, 'upstream_error', null],
    [503, { message: 'overloaded' }, 503, 'upstream_overloaded', null],
  ])(
    '%i: the client gets what is its business, no secret, and owes nothing',
    async (given, error, status, code, param) => {
      world.upstream.script = answerError(given, error, given === 429 ? { 'retry-after': '7' } : {});
      const before = world.billing.all('void').length;
      const response = await world.chat(ASK);
      const text = await response.text();
      expect(response.status).toBe(status);
      expect(JSON.parse(text)).toMatchObject({ error: { code, param } });
      expect(text).not.toContain(UPSTREAM_KEY);
      expect(text).not.toContain('127.0.0.1');
      if (given === 429) expect(response.headers.get('retry-after')).toBe('7');
      expect(world.billing.all('void').length).toBe(before + 1);
    },
  );

  test('breaking off before a status: 502, and the reservation is given back', async () => {
    world.upstream.script = (response) => response.destroy();
    const before = world.billing.all('void').length;
    const response = await world.chat(ASK);
    expect(response.status).toBe(502);
    expect(await errorOf(response)).toMatchObject({ code: 'upstream_error' });
    expect(world.billing.all('void').length).toBe(before + 1);
  });

  test('silent for too long: 504', async () => {
    const other = await startWorld({ UPSTREAM_ANSWER_TIMEOUT_MS: '300' });
    try {
      other.upstream.script = () => {};
      const response = await other.chat(ASK);
      expect(response.status).toBe(504);
      expect(await errorOf(response)).toMatchObject({ code: 'upstream_timeout' });
      expect(other.billing.all('void')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test('an answer that is none: 502, given back', async () => {
    world.upstream.script = (response) => response.end('<html>not what you expected</html>');
    const response = await world.chat(ASK);
    expect(response.status).toBe(502);
  });
});

test('a header that is none can not be smuggled in by the request id', async () => {
  const status = await new Promise((resolve) => {
    const sent = httpRequest(
      `${world.url}/v1/models`,
      { headers: { 'x-request-id': 'a b;c', authorization: `Bearer ${world.billing.apiKey}` } },
      (response) => {
        response.resume();
        resolve(response.headers['x-request-id']);
      },
    );
    sent.end();
  });
  expect(status).toMatch(/^[0-9a-f-]{36}$/);
});
