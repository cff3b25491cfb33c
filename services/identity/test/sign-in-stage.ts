/** Identity as OpenID provider, listening, with a real Postgres and a stub PocketBase; and a browser of few words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, createPool } from '@cloudfreedom/service-kit';
import { startPostgres } from '@cloudfreedom/testkit';
import * as oidc from 'openid-client';
import { buildApp } from '../src/app.ts';
import { openSignIn } from '../src/oidc/open-sign-in.ts';
import { createPocketBaseClient } from '../src/pocketbase/pocketbase-client.ts';
import { openKeyring } from '../src/signing-keys/keyring.ts';
import { ADMIN_SESSION, INTERNAL_SECRET, startStubPocketBase, TENANT } from './stub-pocketbase.ts';

export const REDIRECT = 'http://127.0.0.1:3000/oauth/oidc/callback';
const AFTER_LOGOUT = 'http://127.0.0.1:3000/auth';

export type SignInStage = Awaited<ReturnType<typeof setSignInStage>>;

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function setSignInStage() {
  const folder = mkdtempSync(path.join(tmpdir(), 'identity-oidc-'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>sign-in</title>');
  const [postgres, pocketbase, port] = await Promise.all([startPostgres(), startStubPocketBase(), unusedPort()]);
  const databaseUrl = await postgres.createDatabase('identity');
  const issuer = `http://127.0.0.1:${port}`;
  const logger = createLogger('identity', process.env.TEST_LOG_LEVEL ?? 'silent');
  const time = { shiftMs: 0 };
  const keyring = await openKeyring({
    file: path.join(folder, 'keys.json'),
    now: () => new Date(Date.now() + time.shiftMs),
    onFault: (error) => {
      throw error;
    },
  });
  const client = createPocketBaseClient({ url: pocketbase.url, internalSecret: INTERNAL_SECRET });
  const settings = {
    HOST: '127.0.0.1',
    PORT: port,
    LOG_LEVEL: 'silent' as const,
    STOP_DRAIN_MS: 0,
    STOP_GRACE_MS: 25_000,
    CORS_ORIGINS: [],
    OTEL_EXPORTER_OTLP_HEADERS: {},
    OTEL_RESOURCE_ATTRIBUTES: {},
    OTEL_TRACES_SAMPLER: 'parentbased_always_on' as const,
    OTEL_TRACES_SAMPLER_ARG: 1,
    OTEL_BSP_SCHEDULE_DELAY: 5_000,
    POCKETBASE_URL: pocketbase.url,
    INTERNAL_SECRET,
    IDENTITY_ISSUER: issuer,
    SIGNING_KEYS_FILE: '',
    DATABASE_URL: databaseUrl,
    OIDC_COOKIE_SECRET: 'a-cookie-secret-of-the-tests-0123456789',
    SIGN_IN_PAGES_DIR: folder,
    SIGN_IN_CONFIG: {
      pocketbaseUrl: pocketbase.url,
      identityUrl: issuer,
      billingUrl: issuer,
      proxyUrl: null,
      conversationsUrl: null,
      chatUrl: null,
      simulatedProviders: [],
      tenantId: null,
      imprintUrl: null,
      privacyUrl: null,
    },
  };
  const listen = async () => {
    const signIn = await openSignIn(settings, { logger, keyring, pocketbase: client });
    if (!signIn) throw new Error('no OpenID provider');
    const app = await buildApp({ logger, corsOrigins: [], issuer, pocketbase: client, keyring, signIn });
    await app.listen({ host: '127.0.0.1', port });
    return async () => {
      await app.close();
      await signIn.close();
    };
  };
  let stop = await listen();
  const pool = createPool(databaseUrl, { applicationName: 'test' });
  const api = async (method: string, route: string, body?: unknown, session = ADMIN_SESSION) => {
    const response = await fetch(issuer + route, {
      method,
      headers: {
        authorization: `Bearer ${session}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  return {
    issuer,
    pool,
    pocketbase,
    keyring,
    time,
    api,
    /** An application of a tenant as it knows the provider. */
    application: async (tenantId = TENANT, more: object = {}) => {
      const wish = { name: 'Open WebUI', redirectUris: [REDIRECT], postLogoutRedirectUris: [AFTER_LOGOUT], ...more };
      const { body } = await api('POST', `/v1/tenants/${tenantId}/clients`, wish);
      const config = await oidc.discovery(new URL(issuer), body.id, body.secret, undefined, {
        execute: [oidc.allowInsecureRequests],
      });
      return { id: body.id as string, secret: body.secret as string, config };
    },
    /** Another process of identity in the place of this one. */
    restart: async () => {
      await stop();
      stop = await listen();
    },
    close: async () => {
      await stop();
      keyring.close();
      await pool.end();
      await pocketbase.close();
      await postgres.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Cookies with their paths, redirects only where told to. */
export function openBrowser(origin: string) {
  const jar = new Map<string, { value: string; path: string }>();
  const request = async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, origin);
    const cookies = [...jar].filter(([, { path }]) => url.pathname.startsWith(path));
    const headers = new Headers(init.headers);
    headers.set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/';
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, { value, path });
    }
    return response;
  };
  return { jar, request };
}
/** As a browser would, from the application to its callback. @returns where it is sent back to */
export async function signInAt(
  stage: SignInStage,
  application: Awaited<ReturnType<SignInStage['application']>>,
  session: string,
  browser = openBrowser(stage.issuer),
) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const start = oidc.buildAuthorizationUrl(application.config, {
    redirect_uri: REDIRECT,
    scope: 'openid email profile offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  let response = await browser.request(start.href);
  let asked = false;
  const location = () => response.headers.get('location') ?? '';
  if (location().startsWith('/interaction/')) {
    asked = true;
    const page = location();
    const answer = await browser.request(page, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session }),
    });
    const body = (await answer.json()) as { returnTo?: string; error?: { message: string } };
    if (body.returnTo === undefined) return { asked, status: answer.status, body, page, browser };
    response = await browser.request(body.returnTo);
  }
  while (location() !== '' && !location().startsWith(REDIRECT)) response = await browser.request(location());
  const tokens = () =>
    oidc.authorizationCodeGrant(application.config, new URL(location()), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
  return { asked, status: response.status, callback: location(), tokens, browser };
}
