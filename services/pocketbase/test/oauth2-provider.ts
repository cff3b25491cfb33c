/**
 * Stands in for Google and Microsoft where PocketBase speaks OAuth2 with them and not OpenID Connect: their three
 * addresses, and who somebody is in each one's own shape. In a browser everybody is `onItsPage`; `signIn` walks the way alone.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type PocketBase from 'pocketbase';

export type ProviderName = 'google' | 'microsoft';

interface Account {
  id: string;
  email: string;
  name: string;
  /** Microsoft says nothing about it. */
  isVerified: boolean;
}

export interface OAuth2Provider {
  /** Whoever comes to its page in a browser. */
  onItsPage: Account;
  /** As PocketBase keeps it in `oauth2.providers`. */
  entry(name: ProviderName): Record<string, unknown>;
  /** @returns the code that is sent back */
  signIn(authUrl: string, redirectUrl: string, account: Account): Promise<string>;
  stop(): Promise<void>;
}

/** As the user info of each has it. */
const SHAPES: Record<ProviderName, (account: Account) => object> = {
  google: ({ id, email, name, isVerified }) => ({ sub: id, email, name, email_verified: isVerified }),
  microsoft: ({ id, email, name }) => ({ id, displayName: name, mail: email, userPrincipalName: email }),
};

const CLIENT = { clientId: 'router', clientSecret: randomBytes(16).toString('hex') };

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

function knowsSecret(request: IncomingMessage, form: URLSearchParams): boolean {
  const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
  return request.headers.authorization === basic || form.get('client_secret') === CLIENT.clientSecret;
}

export async function startOAuth2Provider(): Promise<OAuth2Provider> {
  const codes = new Map<string, { account: Account; challenge: string; redirectUrl: string }>();
  const tokens = new Map<string, Account>();
  const onItsPage: Account = { id: 'nobody', email: '', name: '', isVerified: false };

  function authorize(query: URLSearchParams, account: Account): string {
    const code = randomBytes(16).toString('hex');
    const redirectUrl = query.get('redirect_uri') ?? '';
    codes.set(code, { account, challenge: query.get('code_challenge') ?? '', redirectUrl });
    return `${redirectUrl}?${new URLSearchParams({ code, state: query.get('state') ?? '' })}`;
  }

  /** A code is good once, with the verifier and the address that it was asked for with. */
  function exchange(form: URLSearchParams): object | null {
    const code = form.get('code') ?? '';
    const begun = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!begun || begun.challenge !== challenge || begun.redirectUrl !== form.get('redirect_uri')) return null;
    const token = randomBytes(16).toString('hex');
    tokens.set(token, begun.account);
    return { access_token: token, token_type: 'Bearer', expires_in: 3600 };
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://provider');
    const answer = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (pathname === '/authorize')
      return response.writeHead(302, { location: authorize(searchParams, { ...onItsPage }) }).end();
    if (pathname === '/token') {
      const form = await formOf(request);
      const granted = knowsSecret(request, form) ? exchange(form) : null;
      return granted ? answer(200, granted) : answer(400, { error: 'invalid_grant' });
    }
    const account = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    const shape = SHAPES[pathname.slice('/me/'.length) as ProviderName];
    return account && shape ? answer(200, shape(account)) : answer(401, { error: 'invalid_token' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    onItsPage,
    entry: (name) => ({
      name,
      ...CLIENT,
      authURL: `${url}/authorize`,
      tokenURL: `${url}/token`,
      userInfoURL: `${url}/me/${name}`,
    }),
    signIn: async (authUrl, redirectUrl, account) => {
      const query = new URL(`${authUrl}${encodeURIComponent(redirectUrl)}`).searchParams;
      return new URL(authorize(query, account)).searchParams.get('code') ?? '';
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Offers these beside what is offered already. @returns what puts things back */
export async function offer(superuser: PocketBase, entries: Record<string, unknown>[]): Promise<() => Promise<void>> {
  const { oauth2 } = (await superuser.collections.getOne('users')) as unknown as {
    oauth2: { providers: Record<string, unknown>[] };
  };
  const names = entries.map(({ name }) => name);
  const write = async (providers: Record<string, unknown>[]) => {
    await superuser.collections.update('users', { oauth2: { ...oauth2, providers } });
  };
  await write([...oauth2.providers.filter(({ name }) => !names.includes(name)), ...entries]);
  return () => write(oauth2.providers);
}
