/** An application of a tenant's own, as `openid-client` makes one: it sends people to identity and greets who returns. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oidcClientWithSecret } from '@cloudfreedom/contracts';
import * as oidc from 'openid-client';
import PocketBase from 'pocketbase';
import { stack } from './people.ts';

export interface Application {
  url: string;
  /** Access token by subject id. */
  tokens: Map<string, string>;
  close(): Promise<void>;
}

async function register(tenantId: string, callback: string): Promise<oidc.Configuration> {
  const client = new PocketBase(stack.urls.pocketbase);
  const { email, password } = stack.demo.platformAdmin;
  await client.collection('users').authWithPassword(email, password);
  const response = await fetch(`${stack.urls.identity}/v1/tenants/${tenantId}/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.authStore.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Wiki', redirectUris: [callback] }),
  });
  const { id, secret } = oidcClientWithSecret.parse(await response.json());
  return oidc.discovery(new URL(stack.urls.identity), id, secret, undefined, { execute: [oidc.allowInsecureRequests] });
}

export async function startApplication(tenantId: string): Promise<Application> {
  const tokens = new Map<string, string>();
  const verifiers = new Map<string, string>();
  let config: oidc.Configuration;
  let url = '';
  const server = createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', url);
    if (address.pathname === '/favicon.ico') return response.writeHead(204).end();
    const state = address.searchParams.get('state') ?? oidc.randomState();
    if (address.pathname !== '/callback') {
      const verifier = oidc.randomPKCECodeVerifier();
      verifiers.set(state, verifier);
      const location = oidc.buildAuthorizationUrl(config, {
        redirect_uri: `${url}/callback`,
        scope: 'openid email profile offline_access',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      });
      return response.writeHead(302, { location: location.href }).end();
    }
    try {
      const granted = await oidc.authorizationCodeGrant(config, address, {
        pkceCodeVerifier: verifiers.get(state) ?? '',
        expectedState: state,
      });
      const claims = granted.claims();
      tokens.set(claims?.sub ?? '', granted.access_token);
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Wiki</title><p>Hello ${claims?.email}</p>`);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = await register(tenantId, `${url}/callback`);
  return {
    url,
    tokens,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
