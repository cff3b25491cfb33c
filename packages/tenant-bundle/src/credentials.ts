/** What a tenant's services show to the core: a service token at billing, a client at identity. Each is shown once. */
import {
  oidcClientList,
  oidcClientSecret,
  oidcClientWithSecret,
  serviceTokenCreateResponse,
  serviceTokenList,
} from '@cloudfreedom/contracts';

/** Calls as a platform admin. Answers the JSON of a success; throws where there is none. */
export interface CoreCalls {
  billing(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  identity(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** Service tokens of bundles: one name, so that a later command knows which are a bundle's. */
const TOKEN_NAME = 'Tenant bundle';
const CLIENT_NAME = 'Open WebUI';

/** A further one; those before it go on until they are revoked. */
export async function issueServiceToken(core: CoreCalls, tenantId: string): Promise<{ id: string; token: string }> {
  return serviceTokenCreateResponse.parse(
    await core.billing('POST', `/v1/tenants/${tenantId}/service-tokens`, { name: TOKEN_NAME }),
  );
}

/** Ends every service token of a bundle but one. @returns how many */
export async function revokeOtherServiceTokens(core: CoreCalls, tenantId: string, keptId: string): Promise<number> {
  const { items } = serviceTokenList.parse(await core.billing('GET', `/v1/tenants/${tenantId}/service-tokens`));
  const others = items.filter(({ id, name, revokedAt }) => name === TOKEN_NAME && revokedAt === null && id !== keptId);
  for (const { id } of others) await core.billing('DELETE', `/v1/tenants/${tenantId}/service-tokens/${id}`);
  return others.length;
}

export interface ClientCredentials {
  id: string;
  secret: string;
}

/**
 * Open WebUI's client at identity. One that is there gets another secret; its old one ends at once.
 * @param url where people open Open WebUI
 */
export async function issueClient(core: CoreCalls, tenantId: string, url: string): Promise<ClientCredentials> {
  const path = `/v1/tenants/${tenantId}/clients`;
  const { clients } = oidcClientList.parse(await core.identity('GET', path));
  const redirectUri = `${url}/oauth/oidc/callback`;
  const own = clients.find(({ name, redirectUris }) => name === CLIENT_NAME && redirectUris.includes(redirectUri));
  if (own) {
    const { secret } = oidcClientSecret.parse(await core.identity('POST', `${path}/${own.id}/secret`));
    return { id: own.id, secret };
  }
  const wish = {
    name: CLIENT_NAME,
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [`${url}/auth`],
    // It takes no EdDSA there.
    backchannelLogoutUri: `${url}/oauth/backchannel-logout`,
    idTokenAlgorithm: 'ES256',
  };
  const { id, secret } = oidcClientWithSecret.parse(await core.identity('POST', path, wish));
  return { id, secret };
}

/** Ends Open WebUI's clients of a tenant, and with them the sessions that people have there. */
export async function endClients(core: CoreCalls, tenantId: string): Promise<void> {
  const path = `/v1/tenants/${tenantId}/clients`;
  const { clients } = oidcClientList.parse(await core.identity('GET', path));
  for (const { id } of clients.filter(({ name }) => name === CLIENT_NAME))
    await core.identity('DELETE', `${path}/${id}`);
}
