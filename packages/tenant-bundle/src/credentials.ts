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

/** Service tokens of bundles have one name, so that a later command knows them; a mark tells the folder that asked. */
const TOKEN_NAME = 'Tenant bundle';
const MARKED_NAME = /^Tenant bundle(?: \(([0-9a-f]{8})\))?$/;
const CLIENT_NAME = 'Open WebUI';

export interface BundleToken {
  id: string;
  createdAt: string;
  /** Eight hex digits of the folder that asked for it; null: downloaded in the portal, or from before there were marks. */
  mark: string | null;
}

/**
 * A further one; those before it go on until they are revoked.
 * @param mark eight hex digits, by which a folder knows its own again, also one whose answer it never got
 */
export async function issueServiceToken(
  core: CoreCalls,
  tenantId: string,
  mark?: string,
): Promise<{ id: string; token: string }> {
  const name = mark === undefined ? TOKEN_NAME : `${TOKEN_NAME} (${mark})`;
  return serviceTokenCreateResponse.parse(
    await core.billing('POST', `/v1/tenants/${tenantId}/service-tokens`, { name }),
  );
}

/** Service tokens of a tenant's bundles that billing takes, whoever holds them. */
export async function listBundleTokens(core: CoreCalls, tenantId: string): Promise<BundleToken[]> {
  const { items } = serviceTokenList.parse(await core.billing('GET', `/v1/tenants/${tenantId}/service-tokens`));
  return items.flatMap(({ id, name, createdAt, revokedAt }) => {
    const found = revokedAt === null ? MARKED_NAME.exec(name) : null;
    return found ? [{ id, createdAt, mark: found[1] ?? null }] : [];
  });
}

/** @returns how many */
export async function revokeServiceTokens(
  core: CoreCalls,
  tenantId: string,
  tokens: readonly { id: string }[],
): Promise<number> {
  for (const { id } of tokens) await core.billing('DELETE', `/v1/tenants/${tenantId}/service-tokens/${id}`);
  return tokens.length;
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
