/** Keys through the whole suite: a service account's, revoked at once, and three different refusals. */
import { apiKeyCreateResponse } from '@cloudfreedom/contracts';
import { expect, test } from 'vitest';
import { newPerson, openaiWith, stack, superuser } from './people.ts';

const REQUEST = {
  model: 'gpt-5.4-mini',
  messages: [{ role: 'user' as const, content: 'Hi [[simulate length=3 first_byte_ms=0]]' }],
};

async function makeKey(session: string, body: object) {
  const response = await fetch(`${stack.urls.identity}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return apiKeyCreateResponse.parse(await response.json());
}
const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => '',
    (error: Error) => error.message,
  );

test('a tenant admin makes a key for a service account; revoked, it is refused at the very next request', async () => {
  const admin = await newPerson({ role: 'tenant_admin' });
  const client = await superuser();
  const account = (await newPerson({ kind: 'service_account' })).record;
  const { id, key } = await makeKey(admin.session, { name: 'ci', userId: account.id });
  const openai = openaiWith(key);
  await expect.poll(() => messageOf(openai.chat.completions.create(REQUEST)), { timeout: 10_000 }).toBe('');
  await client.collection('api_keys').update(id, { revoked: true });
  const revokedAt = performance.now();
  let answered = 0;
  while ((await messageOf(openai.chat.completions.create(REQUEST))) === '') answered += 1;
  console.log(`revoked: refused after ${Math.round(performance.now() - revokedAt)} ms and ${answered} more answers`);
  expect(answered).toBeLessThanOrEqual(1);
});

test('mistyped, unknown and expired are told apart as far as that is nobody`s secret', async () => {
  const person = await newPerson();
  const mistyped = person.apiKey.slice(0, -1) + (person.apiKey.endsWith('a') ? 'b' : 'a');
  const refusal = (key: string) => messageOf(openaiWith(key).chat.completions.create(REQUEST));
  expect(await refusal(mistyped)).toMatch(/mistyped or cut off/);
  expect(await refusal('sk-proj-abc')).toMatch(/begin with "cf-"/);
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const { key } = await makeKey(person.session, { name: 'short', expiresAt });
  await expect.poll(() => refusal(key), { timeout: 15_000, interval: 250 }).toMatch(/unknown, revoked or expired/);
});
