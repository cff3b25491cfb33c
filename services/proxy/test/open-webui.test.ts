/** Open WebUI's requests: whose they are with a person's token, without one, and all that is refused. */
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { audienceOf } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { OpenWebUiAccountStore } from '../src/open-webui/account.store.ts';
import { ASK, errorOf, startWorld, stopPostgres, type World } from './proxy-under-test.ts';
import { TENANT_ID } from './stub-billing.ts';

const SERVICE_KEY = 'service-key-of-open-webui-0123456789';
const USER_SECRET = 'signs-the-header-of-open-webui-0123456789';
const ADA = 'ada000000000001';
const BOB = 'bob000000000001';
const secrets = { OPEN_WEBUI_SERVICE_KEY: SERVICE_KEY, OPEN_WEBUI_USER_JWT_SECRET: USER_SECRET };

const logged: string[] = [];
const logger = pino(
  { level: 'trace' },
  new Writable({
    write: (line, _encoding, done) => {
      logged.push(String(line));
      done();
    },
  }),
);

let world: World;
/** Another one in each test. */
let account = '';
beforeAll(async () => {
  world = await startWorld(secrets, logger);
});
beforeEach(() => {
  world.billing.batches = [];
  world.upstream.seen = [];
  account = randomUUID();
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

interface Signed {
  id?: string;
  secret?: string;
  issuer?: string;
  /** Seconds from now. */
  issued?: number;
  expires?: number;
}
/** As Open WebUI makes it. */
function signed({ id, secret = USER_SECRET, issuer = 'open-webui', issued = 0, expires = 300 }: Signed = {}) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ email: 'ada@acme.example', name: 'Ada', role: 'user' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(id ?? account)
    .setIssuer(issuer)
    .setIssuedAt(now + issued)
    .setExpirationTime(now + expires)
    .sign(new TextEncoder().encode(secret));
}
const tokenOf = (subjectId: string, tenantId = TENANT_ID) =>
  world.identity.sign({ sub: subjectId, tenant: tenantId, role: 'member', locale: 'en' }, audienceOf.proxy(tenantId));

async function ask(headers: Record<string, string>, to = world) {
  const response = await fetch(`${to.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(ASK),
  });
  const code = response.status === 200 ? await response.text().then(() => null) : (await errorOf(response)).code;
  return [response.status, code];
}
const key = { 'x-cloudfreedom-service-key': SERVICE_KEY };
const header = async (wish: Signed = {}) => ({ 'x-openwebui-user-jwt': await signed(wish) });
const fromBrowser = async (subjectId: string, wish: Signed = {}) => ({
  ...key,
  ...(await header(wish)),
  authorization: `Bearer ${await tokenOf(subjectId)}`,
});
const charged = () => world.billing.all('reserve').map(({ credential }) => credential);

test('the owner is learnt while the token is there, and charged by it afterwards', async () => {
  expect(await ask({ ...key, ...(await header()) })).toEqual([401, 'unknown_open_webui_user']);
  expect(await ask(await fromBrowser(ADA))).toEqual([200, null]);
  expect(await ask({ ...key, ...(await header()) })).toEqual([200, null]);
  // Where Open WebUI knows but one key, as for embeddings.
  expect(await ask({ authorization: `Bearer ${SERVICE_KEY}`, ...(await header()) })).toEqual([200, null]);
  expect(charged()).toMatchObject([1, 2, 3].map(() => ({ type: 'subject', subjectId: ADA })));
});

test('opening the list of models is enough to be known', async () => {
  const models = await fetch(`${world.url}/v1/models`, { headers: await fromBrowser(ADA) });
  expect(models.status).toBe(200);
  expect(await ask({ ...key, ...(await header()) })).toEqual([200, null]);
});

test.each<[string, number, string, () => Promise<Record<string, string>>]>([
  ['nothing', 401, 'invalid_api_key', async () => ({})],
  ['the service key alone', 401, 'invalid_open_webui_user', async () => key],
  ['… as a bearer', 401, 'invalid_open_webui_user', async () => ({ authorization: `Bearer ${SERVICE_KEY}` })],
  ['the signed header alone', 401, 'invalid_api_key', async () => header()],
  [
    'plain headers beside the key',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, 'x-openwebui-user-id': account, 'x-openwebui-user-email': 'ada@acme.example' }),
  ],
  [
    'a header that has expired',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, ...(await header({ expires: -60 })) }),
  ],
  [
    'one of an hour ago that was made to live for a day',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, ...(await header({ issued: -3_600, expires: 86_400 })) }),
  ],
  [
    'one from the future',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, ...(await header({ issued: 3_600, expires: 7_200 })) }),
  ],
  [
    'one with another secret',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, ...(await header({ secret: `other-${USER_SECRET}` })) }),
  ],
  [
    'one of another issuer',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, ...(await header({ issuer: 'somebody' })) }),
  ],
  [
    'one without a signature',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, 'x-openwebui-user-jwt': unsigned() }),
  ],
  [
    'another service key',
    401,
    'invalid_api_key',
    async () => ({ ...(await header()), 'x-cloudfreedom-service-key': `${SERVICE_KEY}0` }),
  ],
  [
    'another service key beside a good token',
    401,
    'invalid_api_key',
    async () => ({ ...(await fromBrowser(ADA)), 'x-cloudfreedom-service-key': 'x'.repeat(36) }),
  ],
  [
    'no signed header beside key and token',
    401,
    'invalid_open_webui_user',
    async () => ({ ...key, authorization: `Bearer ${await tokenOf(ADA)}` }),
  ],
  [
    'a token of another tenant',
    401,
    'unauthenticated',
    async () => ({ ...key, ...(await header()), authorization: `Bearer ${await tokenOf(ADA, 'tenant000000002')}` }),
  ],
  [
    'an API key beside the service key',
    401,
    'invalid_api_key',
    async () => ({ ...key, ...(await header()), authorization: `Bearer ${world.billing.apiKey}` }),
  ],
  [
    'an account that only shares the e-mail address',
    401,
    'unknown_open_webui_user',
    async () => ({ ...key, ...(await header({ id: 'another-account' })) }),
  ],
])('refused: %s', async (_case, status, code, headersOf) => {
  expect(await ask(await fromBrowser(ADA))).toEqual([200, null]);
  world.billing.batches = [];
  world.upstream.seen = [];
  expect(await ask(await headersOf())).toEqual([status, code]);
  expect(charged()).toEqual([]);
  expect(world.upstream.seen).toEqual([]);
});

test('an account stays its first owner`s: somebody else`s token neither takes it nor asks with it', async () => {
  expect(await ask(await fromBrowser(ADA))).toEqual([200, null]);
  expect(await ask(await fromBrowser(BOB))).toEqual([403, 'foreign_open_webui_user']);
  expect(await ask({ ...key, ...(await header()) })).toEqual([200, null]);
  expect(charged()).toMatchObject([{ subjectId: ADA }, { subjectId: ADA }]);
});

test('without the service key a token is a token: nothing of Open WebUI`s headers counts or is learnt', async () => {
  expect(await ask({ authorization: `Bearer ${await tokenOf(ADA)}`, ...(await header()) })).toEqual([200, null]);
  expect(await ask({ ...key, ...(await header()) })).toEqual([401, 'unknown_open_webui_user']);
});

test('ended sessions end it too: billing is told when the newest token was issued', async () => {
  const store = new OpenWebUiAccountStore(world.database);
  const tokenIssuedAt = new Date('2026-01-02T03:04:05.000Z');
  await store.claim(account, { subjectId: ADA, tokenIssuedAt });
  await ask({ ...key, ...(await header()) });
  expect(charged()).toEqual([{ type: 'subject', subjectId: ADA, issuedAt: tokenIssuedAt.toISOString() }]);
  await ask(await fromBrowser(ADA));
  await ask({ ...key, ...(await header()) });
  const [, fromToken, afterwards] = charged();
  expect(afterwards).toEqual(fromToken);
});

test('the first owner and the newest of their tokens, in whatever order requests come', async () => {
  const store = new OpenWebUiAccountStore(world.database);
  const request = fc.record({ subjectId: fc.constantFrom(ADA, BOB), second: fc.nat(9) });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), async (requests) => {
      const id = randomUUID();
      const owner = requests[0]?.subjectId;
      for (const { subjectId, second } of requests) {
        const isTheirs = await store.claim(id, { subjectId, tokenIssuedAt: new Date(second * 1_000) });
        expect(isTheirs).toBe(subjectId === owner);
      }
      const seconds = requests.filter(({ subjectId }) => subjectId === owner).map(({ second }) => second);
      const tokenIssuedAt = new Date(Math.max(...seconds) * 1_000);
      expect(await store.find(id)).toEqual({ subjectId: owner, tokenIssuedAt });
    }),
    { numRuns: 30 },
  );
});

test('it asks models, and nothing that is kept for the person', async () => {
  await ask(await fromBrowser(ADA));
  for (const path of [
    '/v1/export',
    '/v1/responses/resp_1',
    '/v1/responses/resp_1/input_items',
    '/v1/admin/provider-keys',
  ]) {
    const background = { authorization: `Bearer ${SERVICE_KEY}`, ...(await header()) };
    expect([path, (await fetch(world.url + path, { headers: background })).status]).toEqual([path, 401]);
    expect([path, (await fetch(world.url + path, { headers: { ...key, ...(await header()) } })).status]).toEqual([
      path,
      401,
    ]);
  }
});

test('another tenant`s proxy takes neither its key nor its header; one without Open WebUI takes nothing', async () => {
  const other = await startWorld({
    OPEN_WEBUI_SERVICE_KEY: `b-${SERVICE_KEY}`,
    OPEN_WEBUI_USER_JWT_SECRET: `b-${USER_SECRET}`,
  });
  const without = await startWorld();
  await ask(await fromBrowser(ADA));
  const ours = { ...key, ...(await header()) };
  expect(await ask(ours, other)).toEqual([401, 'invalid_api_key']);
  expect(await ask({ ...ours, 'x-cloudfreedom-service-key': `b-${SERVICE_KEY}` }, other)).toEqual([
    401,
    'invalid_open_webui_user',
  ]);
  expect(await ask(ours, without)).toEqual([401, 'invalid_api_key']);
  await Promise.all([other.close(), without.close()]);
});

test('cookies, key and header reach neither the provider nor the log', async () => {
  const headers = { ...(await fromBrowser(ADA)), cookie: 'token=cookie-of-the-browser; oauth_session_id=oauth-cookie' };
  await ask(headers);
  await ask({ ...headers, authorization: '' });
  await ask({ ...headers, 'x-openwebui-user-jwt': `${headers['x-openwebui-user-jwt']}x` });
  const told = JSON.stringify(world.upstream.seen) + logged.join('');
  expect(logged.length).toBeGreaterThan(0);
  expect(world.upstream.seen.length).toBeGreaterThan(0);
  const kept = ['cookie-of-the-browser', 'oauth-cookie', SERVICE_KEY, USER_SECRET, headers['x-openwebui-user-jwt']];
  for (const secret of [...kept, 'ada@acme.example']) expect(told).not.toContain(secret);
});

test('what it asked by itself is told billing; words that nobody knows are only that', async () => {
  for (const word of ['', 'query_generation', 'Plan my holiday, please'])
    await ask({ ...(await fromBrowser(ADA)), 'x-cloudfreedom-task': word });
  expect(world.billing.all('reserve').map(({ task }) => task)).toEqual([undefined, 'search_query', 'other']);
});

test('one of the two variables without the other stops the start, named', () => {
  const rest = {
    PORT: '0',
    TENANT_ID,
    IDENTITY_ISSUER: 'http://a.test',
    IDENTITY_JWKS_URL: 'http://a.test',
    BILLING_URL: 'http://b.test',
    BILLING_SERVICE_TOKEN: 'cfs-x',
    DATABASE_URL: 'postgres://x',
  };
  expect(() => loadConfig({ ...rest, OPEN_WEBUI_SERVICE_KEY: SERVICE_KEY })).toThrow(/OPEN_WEBUI_USER_JWT_SECRET/);
  expect(() => loadConfig({ ...rest, OPEN_WEBUI_USER_JWT_SECRET: USER_SECRET })).toThrow(/OPEN_WEBUI_SERVICE_KEY/);
  expect(() => loadConfig({ ...rest, ...secrets, OPEN_WEBUI_SERVICE_KEY: 'short' })).toThrow(/OPEN_WEBUI_SERVICE_KEY/);
  expect(loadConfig({ ...rest, OPEN_WEBUI_SERVICE_KEY: '', OPEN_WEBUI_USER_JWT_SECRET: '' }).openWebUi).toBeUndefined();
});

/** The same claims with `alg: none`. */
function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: account, iss: 'open-webui', iat: now, exp: now + 300 })}.`;
}
