/** Identity over HTTP: what it issues is checked with the check that every service uses. */
import { createHmac, randomUUID } from 'node:crypto';
import { ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';
import { createAccessTokenCheck } from '@cloudfreedom/service-kit';
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ROTATE_AFTER_MS } from '../src/signing-keys/signing-key.ts';
import { form, ISSUER, type Stage, setStage } from './stage.ts';
import { EXPIRED_SESSION, OTHER_TENANT, PERSON, SESSION, SUSPENDED_SESSION, TENANT } from './stub-pocketbase.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.pocketbase.broken = null;
});

const check = (audience = 'billing', issuer = ISSUER) =>
  createAccessTokenCheck({ issuer, audience, jwksUrl: `${stage.url}/.well-known/jwks.json` });

describe('a valid session', () => {
  test('becomes a token for 10 minutes that the services accept, and that holds no more than it must', async () => {
    const { status, headers, body } = await stage.exchange(form());
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: 'Bearer',
      expires_in: 600,
    });
    const token = body.access_token ?? '';
    const said = { sub: PERSON.id, tenant: TENANT, role: 'member', locale: 'de' };
    expect(await check()(token)).toEqual({ ...said, issuedAt: expect.any(Date) });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(token);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'locale', 'role', 'sub', 'tenant']);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(600);
    expect(decodeJwt(await stage.tokenFor('billing')).jti).not.toBe(claims.jti);
  });

  test('reaches billing and the own tenant’s services, several with one token', async () => {
    const audiences = ['billing', `proxy/${TENANT}`, `conversations/${TENANT}`, 'billing'];
    const token = await stage.tokenFor(audiences);
    expect(decodeJwt(token).aud).toEqual(audiences.slice(0, 3));
    for (const audience of audiences) await expect(check(audience)(token)).resolves.toMatchObject({ sub: PERSON.id });
  });

  test.each([`proxy/${OTHER_TENANT}`, `conversations/${OTHER_TENANT}`])(
    'does not reach %s, not even beside an own audience',
    async (audience) => {
      for (const wish of [audience, ['billing', audience]]) {
        const { status, body } = await stage.exchange(form({ audience: wish }));
        expect([status, body]).toEqual([
          400,
          { error: 'invalid_target', error_description: expect.stringContaining(audience) },
        ]);
      }
    },
  );
});

describe('a token is refused where', () => {
  test.each([
    ['it is for another service', `proxy/${TENANT}`, ISSUER],
    ['another issuer is expected', 'billing', 'https://other.example'],
  ])('%s', async (_case, audience, issuer) => {
    await expect(check(audience, issuer)(await stage.tokenFor('billing'))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  const now = () => Math.floor(Date.now() / 1000);
  const claims = { tenant: TENANT, role: 'member', locale: 'de' };
  const dress = <T extends SignJWT | UnsecuredJWT>(jwt: T, expiresAt = now() + 600): T => {
    jwt
      .setIssuer(ISSUER)
      .setAudience('billing')
      .setSubject(PERSON.id)
      .setIssuedAt(now() - 700)
      .setExpirationTime(expiresAt)
      .setJti(randomUUID());
    return jwt;
  };
  const signedByUs = async (typ: string, expiresAt?: number) => {
    const { kid, privateKey } = await stage.keyring.current();
    return dress(new SignJWT(claims), expiresAt).setProtectedHeader({ alg: 'EdDSA', kid, typ }).sign(privateKey);
  };

  test('it has expired, or is another kind of token (the same one in order is accepted)', async () => {
    await expect(check()(await signedByUs('at+jwt'))).resolves.toMatchObject({ sub: PERSON.id });
    await expect(check()(await signedByUs('at+jwt', now() - 60))).rejects.toThrow();
    await expect(check()(await signedByUs('JWT'))).rejects.toThrow();
  });

  test('it has no signature', async () => {
    await expect(check()(dress(new UnsecuredJWT(claims)).encode())).rejects.toThrow();
  });

  test('it is signed with the public key as a shared secret', async () => {
    const [published] = await stage.keyring.published();
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = decodeJwt(await signedByUs('at+jwt'));
    const input = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: published?.kid })}.${encode(payload)}`;
    for (const secret of [
      Buffer.from(published?.x ?? '', 'base64url'),
      published?.x ?? '',
      JSON.stringify(published),
    ]) {
      const signature = createHmac('sha256', secret).update(input).digest('base64url');
      await expect(check()(`${input}.${signature}`)).rejects.toThrow();
    }
  });

  test('another key signed it under our kid, or its claims were changed', async () => {
    const { kid } = await stage.keyring.current();
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const forged = await dress(new SignJWT(claims))
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
      .sign(privateKey);
    await expect(check()(forged)).rejects.toThrow();
    const [header, payload, signature] = (await stage.tokenFor('billing')).split('.');
    const changed = { ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), role: 'platform_admin' };
    const body = Buffer.from(JSON.stringify(changed)).toString('base64url');
    await expect(check()(`${header}.${body}.${signature}`)).rejects.toThrow();
  });
});

describe('bad input gets an OAuth error', () => {
  test.each([
    ['an unknown session', { subject_token: 'nobody' }, 'invalid_grant', 'session'],
    ['somebody of an ended demo', { subject_token: EXPIRED_SESSION }, 'invalid_grant', 'demo has ended'],
    ['a suspended person', { subject_token: SUSPENDED_SESSION }, 'invalid_grant', 'suspended'],
    ['a session with a line break', { subject_token: 'a\r\nx-evil: 1' }, 'invalid_grant', 'session'],
    ['a session that is not ASCII', { subject_token: 'sitzung-ü-🌊' }, 'invalid_grant', 'session'],
    ['an empty session', { subject_token: '' }, 'invalid_request', 'subject_token'],
    ['a huge session', { subject_token: 'x'.repeat(4097) }, 'invalid_request', 'subject_token'],
    ['a repeated session', { subject_token: [SESSION, SESSION] }, 'invalid_request', 'subject_token'],
    ['another token type', { subject_token_type: ACCESS_TOKEN_TYPE }, 'invalid_request', 'subject_token_type'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type', 'grant_type'],
    ['an unknown audience', { audience: 'everything' }, 'invalid_target', 'audience'],
    ['no audience', { audience: [] as string[] }, 'invalid_target', 'audience'],
    ['six audiences', { audience: Array.from({ length: 6 }, () => 'billing') }, 'invalid_target', 'audience'],
  ])('%s', async (_case, fields, error, word) => {
    const { status, body, headers } = await stage.exchange(form(fields));
    expect([status, body]).toEqual([400, { error, error_description: expect.stringContaining(word) }]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['JSON', JSON.stringify(Object.fromEntries(form())), { 'content-type': 'application/json' }],
    ['plain text', form().toString(), { 'content-type': 'text/plain' }],
    ['no body', '', {}],
  ])('%s instead of a form', async (_case, text, headers) => {
    const { status, body } = await stage.exchange(text, headers as Record<string, string>);
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: expect.stringContaining('application/x-www-form-urlencoded'),
    });
  });

  test('a form beyond the limit', async () => {
    const { status, body } = await stage.exchange(form({ subject_token: 'x'.repeat(100_000) }));
    expect([status, body.error]).toEqual([413, 'invalid_request']);
  });

  test('PocketBase broken or gone: 503, to be tried again', async () => {
    stage.pocketbase.broken = 500;
    const { status, body, headers } = await stage.exchange(form());
    expect([status, body]).toEqual([
      503,
      { error: 'temporarily_unavailable', error_description: expect.stringContaining('PocketBase') },
    ]);
    expect(headers.get('retry-after')).toBe('2');
    expect((await fetch(`${stage.url}/ready`)).status).toBe(503);
    // Whatever is not the agreed answer is no proof of a session.
    stage.pocketbase.broken = 200;
    expect((await stage.exchange(form())).status).toBe(503);
  });
});

test('metadata and keys are public, and say where the rest is', async () => {
  const metadata = await fetch(`${stage.url}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({
    issuer: ISSUER,
    token_endpoint: `${ISSUER}/oauth/token`,
    jwks_uri: `${ISSUER}/.well-known/jwks.json`,
    grant_types_supported: [TOKEN_EXCHANGE_GRANT],
  });
  const jwks = await fetch(`${stage.url}/.well-known/jwks.json`);
  expect(jwks.headers.get('cache-control')).toMatch(/max-age=\d+/);
  const { keys } = (await jwks.json()) as { keys: object[] };
  expect(keys).toHaveLength(4);
  for (const key of keys) expect(key).not.toHaveProperty('d');
  const openapi = await (await fetch(`${stage.url}/openapi.json`)).json();
  expect(openapi).toMatchObject({
    openapi: '3.1.0',
    paths: {
      '/oauth/token': { post: { requestBody: { content: { 'application/x-www-form-urlencoded': {} } } } },
      '/v1/api-keys': {},
    },
  });
  expect((await fetch(`${stage.url}/ready`)).status).toBe(200);
});

test('after a rotation the new key signs and tokens of the old one stay good', async () => {
  const checkOnce = check();
  const before = await stage.tokenFor('billing');
  await checkOnce(before);
  const { kid } = decodeProtectedHeader(before);
  stage.time.mockImplementation(() => new Date(Date.now() + ROTATE_AFTER_MS));
  await stage.keyring.rotateIfDue();
  const after = await stage.tokenFor('billing');
  expect(decodeProtectedHeader(after).kid).not.toBe(kid);
  await expect(checkOnce(before)).resolves.toMatchObject({ sub: PERSON.id });
  await expect(checkOnce(after)).resolves.toMatchObject({ sub: PERSON.id });
});
