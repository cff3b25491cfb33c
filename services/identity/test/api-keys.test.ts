/** API keys over HTTP: shown once, kept as a hash. */
import { isWellFormedSecret, sha256Hex } from '@cloudfreedom/service-kit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage } from './stage.ts';
import { EXPIRED_SESSION, PERSON, SESSION, SUPERUSER_SESSION, SUSPENDED_SESSION } from './stub-pocketbase.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.pocketbase.broken = null;
});

const create = async (body: unknown, session = SESSION, language = 'en') => {
  const response = await fetch(`${stage.url}/v1/api-keys`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': language,
      authorization: `Bearer ${session}`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> & { error?: object } };
};

test('are shown once and kept as a hash', async () => {
  const limits = { requestsPerMinute: 20, tokensPerMinute: 4_000, parallelRequests: 2 };
  const expiresAt = '2999-01-01T00:00:00Z';
  const wish = { name: ' laptop ', monthlyBudgetEur: '5.00', models: ['gpt-x'], expiresAt, ...limits };
  const { status, body } = await create(wish);
  expect(status).toBe(200);
  const key = String(body.key);
  expect(isWellFormedSecret(key, 'cf-')).toBe(true);
  expect(body).toEqual({ id: 'keyaaaaaaaaaaaa', name: 'laptop', prefix: key.slice(0, 8), key });
  expect(stage.pocketbase.storedKeys.at(-1)).toEqual({
    ...wish,
    name: 'laptop',
    userId: PERSON.id,
    callerId: PERSON.id,
    sha256: sha256Hex(key),
    prefix: key.slice(0, 8),
  });
  await create({ name: 'second' });
  expect(stage.pocketbase.storedKeys.at(-1)).toMatchObject({
    expiresAt: '',
    monthlyBudgetEur: '',
    models: [],
    requestsPerMinute: 0,
    tokensPerMinute: 0,
    parallelRequests: 0,
  });
});

test.each([
  ['no name', {}, 400, 'name'],
  ['an empty name', { name: '  ' }, 400, 'name'],
  ['a negative budget', { name: 'k', monthlyBudgetEur: '-1' }, 400, 'monthlyBudgetEur'],
  ['a budget as a number', { name: 'k', monthlyBudgetEur: 5 }, 400, 'monthlyBudgetEur'],
  ['a day as expiry', { name: 'k', expiresAt: 'tomorrow' }, 400, 'expiresAt'],
  ['a person`s name', { name: 'k', userId: 'ci' }, 400, 'userId'],
  ['less than no requests', { name: 'k', requestsPerMinute: -1 }, 400, 'requestsPerMinute'],
  ['half a token', { name: 'k', tokensPerMinute: 0.5 }, 400, 'tokensPerMinute'],
  ['too many at once', { name: 'k', parallelRequests: 1_000_000_001 }, 400, 'parallelRequests'],
  ['an unknown model', { name: 'k', models: ['unknown'] }, 400, 'models'],
])('%s: the field is named', async (_case, wish, status, param) => {
  const before = stage.pocketbase.storedKeys.length;
  const answer = await create(wish);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({
    param,
    code: 'invalid_request',
    message: expect.stringContaining(param),
  });
  expect(stage.pocketbase.storedKeys).toHaveLength(before);
});

test.each([
  [{ name: 'k', models: ['unknown'] }, 'Das Feld models nennt "unknown", das hier kein Modell ist.'],
  [{ name: 'k', monthlyBudgetEur: '-1' }, 'monthlyBudgetEur: darf nicht negativ sein'],
  [{ name: '  ' }, 'name: Zu klein: erwartet, dass string >=1 Zeichen hat'],
])('%j is refused in German where German is asked for', async (wish, message) => {
  expect((await create(wish, SESSION, 'de-DE')).body.error).toMatchObject({ message });
});

test('need a person who may', async () => {
  expect((await create({ name: 'k' }, 'nobody')).status).toBe(401);
  expect((await create({ name: 'k' }, SUSPENDED_SESSION)).status).toBe(403);
  expect((await create({ name: 'k' }, await stage.tokenFor('billing'))).status).toBe(401);
  const bare = await fetch(`${stage.url}/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"k"}',
  });
  expect(bare.status).toBe(401);
  stage.pocketbase.broken = 502;
  const down = await create({ name: 'k' });
  expect([down.status, down.body.error]).toMatchObject([503, { message: expect.stringContaining('PocketBase') }]);
});

test('for a service account: PocketBase is told who asks', async () => {
  await create({ name: 'ci', userId: 'accountaaaaaaaa' });
  expect(stage.pocketbase.storedKeys.at(-1)).toMatchObject({ userId: 'accountaaaaaaaa', callerId: PERSON.id });
});

test('somebody of an ended demo is told that it has ended', async () => {
  const answer = await create({ name: 'k' }, EXPIRED_SESSION);
  expect([answer.status, answer.body.error]).toMatchObject([403, { message: "This organisation's demo has ended." }]);
});

test('a superuser is told what they are, not that they are suspended', async () => {
  const answer = await create({ name: 'k' }, SUPERUSER_SESSION);
  expect(answer.status).toBe(403);
  expect(answer.body.error).toMatchObject({
    message: expect.stringMatching(/^A superuser of PocketBase is no person/),
  });
});
