/** Signing out of one application is told to the others; what people have at applications outlives the process. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type SignInStage, setSignInStage, signInAt } from './sign-in-stage.ts';
import { PERSON, SESSION, TENANT } from './stub-pocketbase.ts';

/** What an application is told at its back-channel address. */
const told: { path: string; token: string }[] = [];
let refuses = false;
const listener = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  told.push({ path: request.url ?? '', token: form.get('logout_token') ?? '' });
  response.writeHead(refuses ? 500 : 200).end();
});
let stage: SignInStage;
let address = '';
beforeAll(async () => {
  stage = await setSignInStage();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});
afterEach(() => {
  told.length = 0;
  refuses = false;
});
afterAll(async () => {
  listener.closeAllConnections();
  listener.close();
  await stage?.close();
});

type Browser = Awaited<ReturnType<typeof signInAt>>['browser'];
type Application = Awaited<ReturnType<SignInStage['application']>>;
const applicationTold = (path: string, idTokenAlgorithm = 'EdDSA') =>
  stage.application(TENANT, { backchannelLogoutUri: `${address}${path}`, idTokenAlgorithm });

async function signOut(application: Application, browser: Browser, idToken = '') {
  const url = oidc.buildEndSessionUrl(application.config, { id_token_hint: idToken });
  const html = await (await browser.request(url.href)).text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const body = new URLSearchParams({ xsrf, logout: 'yes' });
  return browser.request('/oidc/end-session/confirm', { method: 'POST', body });
}

test('every application of the session is told, each in the way of signing that it knows', async () => {
  const wiki = await applicationTold('/wiki');
  const webUi = await applicationTold('/web-ui', 'ES256');
  const first = await signInAt(stage, wiki, SESSION);
  const ofWiki = await first.tokens?.();
  const second = await signInAt(stage, webUi, 'not needed', first.browser);
  const ofWebUi = await second.tokens?.();
  expect(decodeProtectedHeader(ofWiki?.id_token ?? '').alg).toBe('EdDSA');
  expect(decodeProtectedHeader(ofWebUi?.id_token ?? '').alg).toBe('ES256');
  // The access token is the same for whoever asks: the proxy knows but one way.
  expect(decodeProtectedHeader(ofWebUi?.access_token ?? '').alg).toBe('EdDSA');

  await signOut(wiki, first.browser, ofWiki?.id_token);
  expect(told.map(({ path }) => path).sort()).toEqual(['/web-ui', '/wiki']);
  const keys = createRemoteJWKSet(new URL(`${stage.issuer}/.well-known/jwks.json`));
  const to = async (path: string, application: Application, algorithm: string) => {
    const token = told.find((one) => one.path === path)?.token ?? '';
    const options = { issuer: stage.issuer, audience: application.id, algorithms: [algorithm], typ: 'logout+jwt' };
    return (await jwtVerify(token, keys, options)).payload;
  };
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  expect(await to('/wiki', wiki, 'EdDSA')).toMatchObject({ sub: PERSON.id, events });
  const logout = await to('/web-ui', webUi, 'ES256');
  expect(logout).toMatchObject({ sub: PERSON.id, events, jti: expect.any(String) });
  expect(logout).not.toHaveProperty('nonce');
  for (const [application, tokens] of [
    [wiki, ofWiki],
    [webUi, ofWebUi],
  ] as const)
    await expect(oidc.refreshTokenGrant(application.config, tokens?.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
});

test('an application that does not listen keeps nobody signed in', async () => {
  refuses = true;
  const deaf = await applicationTold('/deaf');
  const { browser, tokens } = await signInAt(stage, deaf, SESSION);
  const granted = await tokens?.();
  expect((await signOut(deaf, browser, granted?.id_token)).status).toBe(303);
  expect(told).toHaveLength(1);
  expect((await signInAt(stage, deaf, SESSION, browser)).asked).toBe(true);
});

test('an application that did not ask for it is told nothing', async () => {
  const plain = await stage.application();
  const { browser, tokens } = await signInAt(stage, plain, SESSION);
  await signOut(plain, browser, (await tokens?.())?.id_token);
  expect(told).toEqual([]);
});

test('sessions, grants and applications are still there after a restart', async () => {
  const application = await stage.application();
  const { browser, tokens } = await signInAt(stage, application, SESSION);
  const granted = await tokens?.();
  await stage.restart();
  expect((await signInAt(stage, application, 'not needed', browser)).asked).toBe(false);
  const renewed = await oidc.refreshTokenGrant(application.config, granted?.refresh_token ?? '');
  expect(renewed.claims()?.sub).toBe(PERSON.id);
});

test('what is no address of an application is refused by name', async () => {
  const route = `/v1/tenants/${TENANT}/clients`;
  const wish = { name: 'Wiki', redirectUris: ['https://wiki.acme.example/callback'] };
  const wrong = await stage.api('POST', route, { ...wish, backchannelLogoutUri: 'file:///etc/passwd' });
  expect([wrong.status, wrong.body.error.param]).toEqual([400, 'backchannelLogoutUri']);
  const unknown = await stage.api('POST', route, { ...wish, idTokenAlgorithm: 'none' });
  expect([unknown.status, unknown.body.error.param]).toEqual([400, 'idTokenAlgorithm']);
});
