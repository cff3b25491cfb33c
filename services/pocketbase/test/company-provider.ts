/**
 * A company's sign-in provider: a real OpenID Connect server. In a browser it asks for an e-mail address and believes it;
 * without one, `signIn` walks the same way.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

export const REDIRECT_URL = 'https://portal.example.test/sign-in/callback';

interface Account {
  email: string;
  email_verified: boolean;
  name: string;
}

export interface CompanyProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** By their id at the provider. */
  accounts: Map<string, Account>;
  /** Walks the way a browser does. @returns the code that the provider sends back */
  signIn(authUrl: string, accountId: string): Promise<string>;
  stop(): Promise<void>;
}

const CLIENT = { clientId: 'router', clientSecret: randomBytes(16).toString('hex') };

function configuration(
  accounts: Map<string, Account>,
  redirectUrls: string[],
  provider: () => Provider,
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: redirectUrls,
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => {
      const typed = accountId.includes('@')
        ? { email: accountId, email_verified: true, name: 'Pia Provider' }
        : undefined;
      const account = accounts.get(accountId) ?? typed;
      return account && { accountId, claims: async () => ({ sub: accountId, ...account }) };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const grant = new (provider().Grant)({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}

const PAGE = '<form><label>Company e-mail <input name="email"></label><button>Continue</button></form>';

/** Its own page for people: whoever `login_hint` names is signed in, else whoever the form names. */
async function answerInteraction(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const { params } = await provider.interactionDetails(request, response);
  const typed = new URL(request.url ?? '', 'http://provider').searchParams.get('email');
  const accountId = typed ?? params.login_hint;
  if (accountId === undefined) return response.setHeader('content-type', 'text/html').end(PAGE);
  await provider.interactionFinished(request, response, { login: { accountId: String(accountId) } });
}

async function walk(authUrl: string, accountId: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = `${authUrl}${encodeURIComponent(REDIRECT_URL)}&login_hint=${accountId}`;
  for (let step = 0; step < 10; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url).href;
    if (url.startsWith(REDIRECT_URL)) return new URL(url).searchParams.get('code') ?? '';
  }
  throw new Error('The provider leads in circles.');
}

/** `redirectUrls`: where it may send people back to. */
export async function startCompanyProvider(redirectUrls = [REDIRECT_URL]): Promise<CompanyProvider> {
  const accounts = new Map<string, Account>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = new Provider(
    issuer,
    configuration(accounts, redirectUrls, () => provider),
  );
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    answerInteraction(provider, request, response).catch((error: Error) => {
      response.statusCode = 500;
      response.end(error.message);
    });
  });
  return {
    issuer,
    ...CLIENT,
    accounts,
    signIn: walk,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
