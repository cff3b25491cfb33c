/** Providers' keys: entered by admins, kept encrypted, never shown, exchanged without a restart. */
import { randomBytes } from 'node:crypto';
import { audienceOf, providerKeyList, providerKeyView, type Role } from '@cloudfreedom/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyCipher } from '../src/provider-keys/key-cipher.ts';
import { ASK, errorOf, startWorld, stopPostgres, UPSTREAM_KEY, until, type World } from './proxy-under-test.ts';
import { SUBJECT_ID, TENANT_ID } from './stub-billing.ts';
import { answerError } from './stub-upstream.ts';

const ENCRYPTION_KEY = `k1:${randomBytes(32).toString('base64')}`;
const KEY = 'sk-entered-by-an-admin-4242';
let world: World;
beforeEach(async () => {
  world = await startWorld({ PROVIDER_KEY_ENCRYPTION_KEY: ENCRYPTION_KEY });
  world.billing.tenantType = 'enterprise';
});
afterEach(() => world.close());
afterAll(stopPostgres);

async function ask(method: string, path: string, body?: unknown, role: Role = 'tenant_admin'): Promise<Response> {
  world.billing.principal = { ...world.billing.principal, role };
  const claims = { sub: SUBJECT_ID, tenant: TENANT_ID, role, locale: 'en' } as const;
  const token = await world.identity.sign(claims, audienceOf.proxy(TENANT_ID));
  return fetch(`${world.url}/v1/admin/provider-keys${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const enter = (path: string, key = KEY) => ask('PUT', path, { key });
const keyShown = () => world.upstream.seen.at(-1)?.headers.authorization;

describe('an admin', () => {
  test('enters a key: used at once, encrypted at rest, shown by its ends alone; removed, the environment counts', async () => {
    const entered = await enter('/openai/main?test=false');
    expect(entered.status).toBe(200);
    expect((await world.chat(ASK)).status).toBe(200);
    expect(keyShown()).toBe(`Bearer ${KEY}`);
    const listed = await (await ask('GET', '')).text();
    expect(providerKeyList.parse(JSON.parse(listed)).items).toMatchObject([
      {
        keyName: 'openai',
        label: 'main',
        source: 'database',
        hint: 'sk-en…4242',
        enteredBy: SUBJECT_ID,
        testedAt: null,
      },
    ]);
    const rows = JSON.stringify((await world.database.query('SELECT * FROM proxy.provider_keys')).rows);
    for (const text of [await entered.text(), listed, rows, Buffer.from(rows).toString('base64')])
      expect(text).not.toContain('entered-by-an-admin');
    expect((await ask('DELETE', '/openai/main')).status).toBe(204);
    expect((await ask('DELETE', '/openai/main')).status).toBe(404);
    expect((await world.chat(ASK)).status).toBe(200);
    expect(keyShown()).toBe(`Bearer ${UPSTREAM_KEY}`);
  });

  test('has it tested first: a key that the provider refuses is not taken', async () => {
    world.upstream.script = answerError(401, { message: `Incorrect API key provided: ${KEY}` });
    const refused = await enter('/openai/main');
    expect(refused.status).toBe(400);
    const text = await refused.text();
    expect(text).toContain('provider_key_rejected');
    const failed = { keyName: 'openai', label: 'main', enteredBy: SUBJECT_ID, refused: true };
    const listed = await (await ask('GET', '')).text();
    expect(providerKeyList.parse(JSON.parse(listed)).failedTests).toMatchObject([failed]);
    expect(listed).not.toContain('4242');
    expect(text).not.toContain(KEY);
    world.upstream.script = (response) => response.writeHead(200).end('{"data":[]}');
    const taken = await enter('/openai/main');
    expect(providerKeyView.parse(await taken.json()).testedAt).not.toBeNull();
    expect(world.upstream.seen.at(-1)).toMatchObject({ path: '/v1/models' });
    world.upstream.script = (response) => void response.destroy();
    expect((await errorOf(await enter('/openai/other'))).code).toBe('provider_key_untested');
    const unused = await enter('/unheard-of/main');
    expect([unused.status, (await errorOf(unused)).code]).toEqual([400, 'provider_key_unused']);
    const { items, failedTests } = providerKeyList.parse(await (await ask('GET', '')).json());
    expect(items).toHaveLength(1);
    // The one of openai/main went when a key was taken there.
    expect(failedTests).toMatchObject([
      { keyName: 'unheard-of', label: 'main', refused: false },
      { keyName: 'openai', label: 'other', refused: false },
    ]);
  });

  test('gets the field at fault named', async () => {
    for (const [path, body, param] of [
      ['/openai/main', { key: 'short' }, 'key'],
      ['/openai/main', { key: KEY, weight: 0 }, 'weight'],
      ['/Open%20AI/main', { key: KEY }, 'keyName'],
    ] as const) {
      const response = await ask('PUT', path, body);
      expect(response.status).toBe(400);
      expect((await errorOf(response)).param).toBe(param);
    }
  });
});

test('members, API keys, tokens for others and strangers are refused', async () => {
  expect((await ask('GET', '', undefined, 'member')).status).toBe(403);
  expect((await ask('PUT', '/openai/main', { key: KEY }, 'member')).status).toBe(403);
  expect((await ask('DELETE', '/openai/main', undefined, 'member')).status).toBe(403);
  const claims = { sub: SUBJECT_ID, tenant: TENANT_ID, role: 'tenant_admin', locale: 'en' } as const;
  const elsewhere = await world.identity.sign(claims, audienceOf.proxy('tenant000000002'));
  for (const bearer of [world.billing.apiKey, elsewhere, 'nonsense']) {
    const headers = { authorization: `Bearer ${bearer}` };
    expect((await fetch(`${world.url}/v1/admin/provider-keys`, { headers })).status).toBe(401);
  }
  expect((await fetch(`${world.url}/v1/admin/provider-keys`)).status).toBe(401);
});

test('a key that another proxy of the tenant exchanged is used within seconds, without a restart', async () => {
  await enter('/openai/main?test=false');
  const cipher = new KeyCipher([{ id: 'k1', bytes: Buffer.from(ENCRYPTION_KEY.slice(3), 'base64') }]);
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const sealed = cipher.seal(
    'sk-from-another-proxy',
    JSON.stringify(['provider key', TENANT_ID, 'openai', 'main', id]),
  );
  await world.database.query('UPDATE proxy.provider_keys SET id = $1, nonce = $2, ciphertext = $3', [
    id,
    sealed.nonce,
    sealed.ciphertext,
  ]);
  await until(
    'the new key is used',
    async () => (await world.chat(ASK)).ok && keyShown() === 'Bearer sk-from-another-proxy',
    10_000,
  );
});

test('without an encryption key nothing is stored', async () => {
  await world.close();
  world = await startWorld();
  const response = await enter('/openai/main?test=false');
  expect(response.status).toBe(503);
  expect((await errorOf(response)).code).toBe('provider_keys_not_configured');
});

describe('the encryption', () => {
  const key = (id: string) => ({ id, bytes: randomBytes(32) });
  const [first, second] = [key('a'), key('b')];

  test('opens what it sealed, an older key too; nothing that was changed, moved or sealed by a stranger', () => {
    const sealed = new KeyCipher([first]).seal('secret-key', 'row 1');
    const rotated = new KeyCipher([second, first]);
    expect(rotated.open(sealed, 'row 1')).toBe('secret-key');
    expect(rotated.currentKeyId).toBe('b');
    expect(() => rotated.open(sealed, 'row 2')).toThrow();
    expect(() => new KeyCipher([second]).open(sealed, 'row 1')).toThrow('encryption key');
    for (let at = 0; at < sealed.ciphertext.length; at++) {
      const changed = Buffer.from(sealed.ciphertext);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => rotated.open({ ...sealed, ciphertext: changed }, 'row 1')).toThrow();
    }
  });
});
