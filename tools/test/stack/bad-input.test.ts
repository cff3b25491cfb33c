/** What bad input gets: OpenAI's error body with type, code and param, through the real stack. */
import { APIError } from 'openai';
import { describe, expect, test } from 'vitest';
import { eventually, newPerson, openaiWith, stack, superuser, usageOf } from './people.ts';

const HELLO = [{ role: 'user' as const, content: 'Hello' }];
const MODEL = 'gpt-5.4-mini';

async function failure(call: Promise<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${stack.urls.proxy}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.demo.apiKey}`, 'content-type': 'application/json', ...headers },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    error: ((await response.json()) as { error: { code: string } }).error,
  };
}

describe('what bad input gets', () => {
  test('unknown model: 404 model_not_found', async () => {
    const error = await failure(
      openaiWith(stack.demo.apiKey).chat.completions.create({ model: 'gpt-0', messages: HELLO }),
    );
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', type: 'invalid_request_error' });
  });

  test('no key, a key of no known form, a mistyped key, an unknown key: 401 invalid_api_key', async () => {
    const mistyped = `${stack.demo.apiKey.slice(0, -1)}${stack.demo.apiKey.endsWith('a') ? 'b' : 'a'}`;
    for (const authorization of ['', 'Bearer sk-something', `Bearer ${mistyped}`]) {
      const { status, error } = await post(JSON.stringify({ model: MODEL, messages: HELLO }), { authorization });
      expect([authorization, status, error.code]).toEqual([authorization, 401, 'invalid_api_key']);
      expect(JSON.stringify(error)).not.toContain(stack.demo.apiKey.slice(4, 40));
    }
  });

  test('malformed JSON: 400; a field of the wrong type: 400 with its path; no content type: no crash', async () => {
    expect(await post('{"model": ')).toMatchObject({ status: 400, error: { type: 'invalid_request_error' } });
    const wrong = await post(JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 5 }] }));
    expect(wrong).toMatchObject({ status: 400, error: { param: 'messages[0].content' } });
    expect(await post(JSON.stringify({ model: MODEL }))).toMatchObject({ status: 400, error: { param: 'messages' } });
    expect(await post(JSON.stringify({ model: MODEL, messages: HELLO, max_tokens: 'many' }))).toMatchObject({
      status: 400,
      error: { param: 'max_tokens' },
    });
    expect((await post('hello', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('a body over the limit: 413', async () => {
    const body = JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'x'.repeat(21 * 1024 * 1024) }] });
    expect(await post(body)).toMatchObject({ status: 413, error: { type: 'invalid_request_error' } });
  });

  test('budget of zero: 429 insufficient_quota that no client retries, with the numbers', async () => {
    const person = await newPerson({ budget_override_eur: '0' });
    const error = await failure(person.openai.chat.completions.create({ model: MODEL, messages: HELLO }));
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' });
    expect(error.headers?.get('x-should-retry')).toBe('false');
    expect((error.error as { budget: unknown }).budget).toMatchObject({
      level: 'user',
      limit: '0.00',
      spent: '0.00',
      remaining: '0.00',
    });
    expect(await usageOf(person.apiKey)).toEqual([]);
  });

  test('a suspended person is refused within a second, and back when reactivated', async () => {
    const person = await newPerson();
    await person.openai.chat.completions.create({ model: MODEL, messages: HELLO });
    const admin = await superuser();
    await admin.collection('users').update(person.record.id, { status: 'suspended' });
    const suspendedAt = Date.now();
    const refused = await eventually(async () => {
      const error = await person.openai.chat.completions.create({ model: MODEL, messages: HELLO }).then(
        () => undefined,
        (reason: APIError) => reason,
      );
      return error;
    });
    console.log(`suspended -> refused: ${Date.now() - suspendedAt} ms`);
    expect([401, 403]).toContain(refused.status);
    await admin.collection('users').update(person.record.id, { status: 'active' });
    await eventually(() =>
      person.openai.chat.completions.create({ model: MODEL, messages: HELLO }).then(
        (answer) => answer,
        () => undefined,
      ),
    );
  });

  test('a revoked key: 401 invalid_api_key', async () => {
    const person = await newPerson();
    const admin = await superuser();
    const key = await admin.collection('api_keys').getFirstListItem(`user = "${person.record.id}"`);
    await admin.collection('api_keys').update(key.id, { revoked: true });
    const refused = await eventually(() =>
      person.openai.chat.completions.create({ model: MODEL, messages: HELLO }).then(
        () => undefined,
        (reason: APIError) => reason,
      ),
    );
    expect(refused).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});
