/** One sign-in for a tenant's applications, as `openid-client` and a browser see it. */
import { audienceOf, pageHeaders } from '@cloudfreedom/contracts';
import { createAccessTokenCheck } from '@cloudfreedom/service-kit';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser, REDIRECT, type SignInStage, setSignInStage, signInAt } from './sign-in-stage.ts';
import {
  ADMIN_SESSION,
  OTHER_PERSON,
  OTHER_SESSION,
  OTHER_TENANT,
  PERSON,
  SESSION,
  SUPERUSER_SESSION,
  SUSPENDED_SESSION,
  TENANT,
} from './stub-pocketbase.ts';

let stage: SignInStage;
let application: Awaited<ReturnType<SignInStage['application']>>;
beforeAll(async () => {
  stage = await setSignInStage();
  application = await stage.application();
});
beforeEach(() => {
  stage.pocketbase.suspended.clear();
  stage.pocketbase.broken = null;
});
afterAll(() => stage?.close());

async function signedIn(session = SESSION, at = application) {
  const arrived = await signInAt(stage, at, session);
  if (!arrived.tokens) throw new Error(JSON.stringify(arrived.body));
  return { ...arrived, tokens: await arrived.tokens() };
}
const refresh = (token = '') => oidc.refreshTokenGrant(application.config, token);

test('a person comes back with an access token that the tenant`s proxy takes offline, and a name', async () => {
  const { tokens } = await signedIn();
  const checkFor = (tenantId: string) =>
    createAccessTokenCheck({
      issuer: stage.issuer,
      jwksUrl: `${stage.issuer}/.well-known/jwks.json`,
      audience: audienceOf.proxy(tenantId),
    });
  expect(await checkFor(TENANT)(tokens.access_token)).toEqual({
    sub: PERSON.id,
    tenant: TENANT,
    role: 'member',
    locale: 'de',
    issuedAt: expect.any(Date),
  });
  await expect(checkFor(OTHER_TENANT)(tokens.access_token)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
  expect(tokens.expires_in).toBeGreaterThan(850);
  expect(tokens.claims()).toMatchObject({
    sub: PERSON.id,
    email: `${PERSON.id}@acme.example`,
    name: 'Ada',
    roles: ['user'],
  });
  expect(decodeJwt(tokens.access_token)).not.toHaveProperty('email');
});

test('an admin is an admin of the application', async () => {
  const { tokens } = await signedIn(ADMIN_SESSION);
  expect(tokens.claims()).toMatchObject({ roles: ['admin'] });
});

test('at a second application of the tenant nobody asks again', async () => {
  const first = await signInAt(stage, application, SESSION);
  const second = await stage.application();
  const again = await signInAt(stage, second, 'not needed', first.browser);
  expect(again.asked).toBe(false);
  expect((await again.tokens?.())?.claims()?.sub).toBe(PERSON.id);
});

test('only a tenant`s people get into its applications', async () => {
  const refused = await signInAt(stage, application, OTHER_SESSION);
  expect([refused.status, refused.body]).toMatchObject([
    403,
    { error: { message: 'This application belongs to another organisation.' } },
  ]);
  // Signed in at their own tenant already: asked again here, not let in.
  const elsewhere = await stage.application(OTHER_TENANT);
  const own = await signInAt(stage, elsewhere, OTHER_SESSION);
  expect((await own.tokens?.())?.claims()?.sub).toBe(OTHER_PERSON.id);
  const here = await signInAt(stage, application, OTHER_SESSION, own.browser);
  expect([here.asked, here.status]).toEqual([true, 403]);
});

test.each([
  ['nobody', 'no-session', 401],
  ['somebody suspended', SUSPENDED_SESSION, 403],
  ['a superuser', SUPERUSER_SESSION, 403],
])('%s is told why', async (_who, session, status) => {
  expect((await signInAt(stage, application, session)).status).toBe(status);
});

test('a suspended person is out at the next refresh, and must sign in again afterwards', async () => {
  const { tokens, browser } = await signedIn();
  const renewed = await refresh(tokens.refresh_token);
  expect(renewed.access_token).not.toBe(tokens.access_token);
  stage.pocketbase.suspended.add(PERSON.id);
  await expect(refresh(renewed.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  const again = await signInAt(stage, application, 'no-session', browser);
  expect([again.asked, again.status]).toEqual([true, 401]);
});

test('ending all sessions in PocketBase ends those at applications too', async () => {
  const { tokens, browser } = await signedIn();
  stage.pocketbase.sessionMark = 'second';
  await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  const again = await signInAt(stage, application, SESSION, browser);
  expect(again.asked).toBe(true);
  const renewed = await again.tokens?.();
  expect((await refresh(renewed?.refresh_token)).access_token).toBeTruthy();
  await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('a refresh token is good once; used twice, the whole grant ends', async () => {
  const { tokens } = await signedIn();
  const renewed = await refresh(tokens.refresh_token);
  await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(refresh(renewed.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('PocketBase away: no token, and the refresh token is still good afterwards', async () => {
  const { tokens } = await signedIn();
  stage.pocketbase.broken = 502;
  const failed = await refresh(tokens.refresh_token).catch((error) => error.cause as Response);
  expect([failed instanceof Response && failed.status, await (failed as Response).json()]).toMatchObject([
    503,
    { error: 'temporarily_unavailable' },
  ]);
  stage.pocketbase.broken = null;
  expect((await refresh(tokens.refresh_token)).access_token).toBeTruthy();
});

test('signing out ends the session: the next sign-in is asked for', async () => {
  const { tokens, browser } = await signedIn();
  const out = oidc.buildEndSessionUrl(application.config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: 'http://127.0.0.1:3000/auth',
  });
  const page = await browser.request(out.href, { headers: { 'accept-language': 'de' } });
  const html = await page.text();
  expect(html).toContain('Abmelden');
  expect(html).not.toContain('<script');
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none';style-src 'unsafe-inline';frame-ancestors 'none'",
  );
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const done = await browser.request('/oidc/end-session/confirm', {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });
  expect(done.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:3000\/auth/);
  expect((await signInAt(stage, application, SESSION, browser)).asked).toBe(true);
  await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('after the keys were rotated a session goes on, and signs with the new key', async () => {
  const { tokens, browser } = await signedIn();
  stage.time.shiftMs += 31 * 24 * 3_600_000;
  await stage.keyring.rotateIfDue();
  const renewed = await refresh(tokens.refresh_token);
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  expect(kidOf(renewed.access_token)).not.toBe(kidOf(tokens.access_token));
  const { keys } = (await (await fetch(`${stage.issuer}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
  expect(keys.map(({ kid }) => kid)).toEqual(
    expect.arrayContaining([kidOf(renewed.access_token), kidOf(tokens.access_token)]),
  );
  expect((await signInAt(stage, application, SESSION, browser)).asked).toBe(false);
});

test('codes, refresh tokens and client secrets are kept as hashes only', async () => {
  const { tokens } = await signedIn();
  const { rows } = await stage.pool.query('SELECT * FROM identity.oidc_records, identity.oidc_clients');
  const kept = JSON.stringify(rows, (_name, value) => (typeof value === 'bigint' ? String(value) : value));
  expect(kept).toContain(PERSON.id);
  for (const secret of [tokens.refresh_token, tokens.access_token, application.secret])
    expect(kept).not.toContain(secret);
});

test.each([
  ['an address of its own choice', { redirect_uri: 'https://evil.example/' }],
  ['an unknown application', { client_id: 'cfc-unknown' }],
])('%s: a page that says so, and nobody is sent there', async (_case, wrong) => {
  const params = {
    client_id: application.id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
    ...wrong,
  };
  const response = await openBrowser(stage.issuer).request(`/oidc/authorize?${new URLSearchParams(params)}`, {
    headers: { 'accept-language': 'en' },
  });
  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  expect(await response.text()).toContain('The sign-in could not go on');
});

test('without PKCE there is no code', async () => {
  const params = { client_id: application.id, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid' };
  const response = await openBrowser(stage.issuer).request(`/oidc/authorize?${new URLSearchParams(params)}`);
  expect(response.headers.get('location')).toContain('error=invalid_request');
});

test('a token for another tenant`s proxy can`t be asked for', async () => {
  const { tokens } = await signedIn();
  await expect(
    oidc.refreshTokenGrant(application.config, tokens.refresh_token ?? '', {
      resource: `urn:cloudfreedom:${audienceOf.proxy(OTHER_TENANT)}`,
    }),
  ).rejects.toMatchObject({ error: 'invalid_target' });
});

test('a sign-in belongs to the browser that began it', async () => {
  const browser = openBrowser(stage.issuer);
  const refused = await signInAt(stage, application, 'no-session', browser);
  const page = refused.page ?? '';
  const details = await browser.request(`${page}/details`);
  expect(await details.json()).toEqual({ application: 'Open WebUI' });
  const stranger = openBrowser(stage.issuer);
  expect((await stranger.request(`${page}/details`)).status).toBe(404);
  const hijack = await stranger.request(page, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session: SESSION }),
  });
  expect(hijack.status).toBe(404);
  const html = await browser.request(page);
  expect([html.status, html.headers.get('content-type')]).toMatchObject([200, expect.stringContaining('text/html')]);
});

test('applications: made, listed, their secret exchanged and ended by platform admins only', async () => {
  const route = `/v1/tenants/${TENANT}/clients`;
  const wish = { name: 'Wiki', redirectUris: ['https://wiki.acme.example/callback'] };
  expect((await stage.api('POST', route, wish, SESSION)).status).toBe(403);
  expect((await stage.api('POST', route, wish, 'no-session')).status).toBe(401);
  const bad = await stage.api('POST', route, { ...wish, redirectUris: ['javascript:alert(1)'] });
  expect([bad.status, bad.body.error.param]).toEqual([400, 'redirectUris[0]']);
  const made = await stage.api('POST', route, wish);
  expect(made.status).toBe(200);
  const { id, secret } = made.body;
  const listed = await stage.api('GET', route);
  expect(listed.body.clients).toContainEqual(expect.objectContaining({ id, name: 'Wiki' }));
  expect(JSON.stringify(listed.body)).not.toContain(secret);
  expect((await stage.api('GET', `/v1/tenants/${OTHER_TENANT}/clients`)).body.clients).not.toContainEqual(
    expect.objectContaining({ id }),
  );
  const exchanged = await stage.api('POST', `${route}/${id}/secret`);
  expect(exchanged.body.secret).not.toBe(secret);
  const tokenStatus = async (given: string) => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' });
    const headers = { authorization: `Basic ${btoa(`${id}:${given}`)}` };
    return (await fetch(`${stage.issuer}/oidc/token`, { method: 'POST', headers, body })).status;
  };
  expect([await tokenStatus(secret), await tokenStatus(exchanged.body.secret)]).toEqual([401, 400]);
  expect((await stage.api('DELETE', `/v1/tenants/${OTHER_TENANT}/clients/${id}`)).status).toBe(404);
  expect((await stage.api('DELETE', `${route}/${id}`)).status).toBe(204);
  expect(await tokenStatus(exchanged.body.secret)).toBe(401);
});

test('what is changed at an application is in the audit log, or it is not changed', async () => {
  const { audit } = stage.pocketbase;
  const route = `/v1/tenants/${TENANT}/clients`;
  const wish = { name: 'Board', redirectUris: ['https://board.acme.example/callback'] };
  audit.entries.length = 0;
  const { id, secret } = (await stage.api('POST', route, wish)).body;
  const rotated = (await stage.api('POST', `${route}/${id}/secret`)).body.secret;
  expect((await stage.api('POST', `${route}/cfc-unknown/secret`)).status).toBe(404);
  const common = { tenantId: TENANT, actorRole: 'platform_admin', collection: 'oidc_clients', targetId: id };
  expect(audit.entries).toMatchObject([
    { ...common, action: 'create', after: { redirect_uris: wish.redirectUris[0] } },
    { ...common, action: 'update', after: { secret: '[not kept]' } },
  ]);
  expect(JSON.stringify(audit.entries)).not.toMatch(new RegExp(`${secret}|${rotated}|Board`));

  audit.closed = true;
  const before = (await stage.pool.query('SELECT * FROM identity.oidc_clients ORDER BY id')).rows;
  const refused = [
    await stage.api('POST', route, wish),
    await stage.api('POST', `${route}/${id}/secret`),
    await stage.api('DELETE', `${route}/${id}`),
  ];
  audit.closed = false;
  expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect((await stage.pool.query('SELECT * FROM identity.oidc_clients ORDER BY id')).rows).toEqual(before);
  expect((await stage.api('DELETE', `${route}/${id}`)).status).toBe(204);
  expect(audit.entries.at(-1)).toMatchObject({ ...common, action: 'delete' });
});

test('the sign-in page is sent with the headers of all our pages, and may ask only PocketBase', async () => {
  const { headers, status } = await fetch(stage.issuer);
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toMatchObject(pageHeaders([stage.pocketbase.url]));
});
