/** The OpenID provider: what of oidc-provider is used, and how. People come from PocketBase, clients belong to tenants. */
import { timingSafeEqual } from 'node:crypto';
import { audienceOf, ID_TOKEN_ALGORITHMS } from '@cloudfreedom/contracts';
import { type Logger, type Pool, sha256Hex } from '@cloudfreedom/service-kit';
import Provider, { type AdapterPayload, type Configuration, errors, interactionPolicy, type JWK } from 'oidc-provider';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { findAccount, type PersonAccount } from './account.ts';
import { findClient } from './client.store.ts';
import { logoutPage, messagePage } from './pages.ts';
import { createRecordAdapter } from './record.store.ts';

const DAY_SECONDS = 86_400;
/** Applications without a browser session use a token to its end; below fifteen minutes Open WebUI asks too often. */
const ACCESS_TOKEN_SECONDS = 900;
const SCOPES = 'openid email profile offline_access';
export const TENANT = 'tenant_id';

export interface ProviderParts {
  issuer: string;
  pool: Pool;
  pocketbase: PocketBaseClient;
  cookieSecret: string;
  logger: Logger;
}

/** The one resource that a client's access tokens are for: its own tenant's proxy. */
const resourceOf = (tenantId: unknown) => `urn:cloudfreedom:${audienceOf.proxy(String(tenantId))}`;

async function clientPayload(pool: Pool, id: string): Promise<AdapterPayload | undefined> {
  const client = await findClient(pool, id);
  return (
    client && {
      client_id: client.id,
      client_name: client.name,
      // Of the secret there is only the hash; `compareClientSecret` hashes what is sent.
      client_secret: client.secretSha256,
      redirect_uris: client.redirectUris,
      post_logout_redirect_uris: client.postLogoutRedirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: client.idTokenAlgorithm,
      ...(client.backchannelLogoutUri !== null && { backchannel_logout_uri: client.backchannelLogoutUri }),
      [TENANT]: client.tenantId,
    }
  );
}

/** Whoever has a session that does not count here (suspended, other tenant) is asked to sign in. */
function policy(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.remove('consent');
  prompts
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check('nobody_here', 'the session is of nobody who may sign in here', ({ oidc }) =>
        oidc.session?.accountId !== undefined && oidc.account === undefined
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
      ),
    );
  return prompts;
}

function features(): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = logoutPage(ctx.get('accept-language'), form);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = messagePage(ctx.get('accept-language'), 'signedOut');
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client) => resourceOf(client[TENANT]),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource, client) => {
        if (resource !== resourceOf(client[TENANT])) throw new errors.InvalidTarget();
        return {
          scope: '',
          audience: audienceOf.proxy(String(client[TENANT])),
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: 'EdDSA' } },
        };
      },
    },
  };
}

/** @param keys private; the first signs, those after it are still believed */
export function createProvider(parts: ProviderParts, keys: JWK[]): Provider {
  const { issuer, pool, logger } = parts;
  const provider = new Provider(issuer, {
    adapter: (model) =>
      model === 'Client'
        ? { ...createRecordAdapter(pool, model), find: (id) => clientPayload(pool, id) }
        : createRecordAdapter(pool, model),
    jwks: { keys },
    cookies: { keys: [parts.cookieSecret], long: { sameSite: 'lax' }, short: { sameSite: 'lax' } },
    extraClientMetadata: { properties: [TENANT] },
    scopes: SCOPES.split(' '),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale', 'roles'] },
    // Else e-mail and roles would be missing in the ID token, and an access token with an audience can't ask for them.
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: [...ID_TOKEN_ALGORITHMS] },
    pkce: { required: () => true },
    responseTypes: ['code'],
    routes: {
      authorization: '/oidc/authorize',
      token: '/oidc/token',
      userinfo: '/oidc/userinfo',
      revocation: '/oidc/revoke',
      end_session: '/oidc/end-session',
      jwks: '/.well-known/jwks.json',
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: 1_800,
      RefreshToken: 14 * DAY_SECONDS,
      Grant: 14 * DAY_SECONDS,
      Session: 14 * DAY_SECONDS,
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    features: features(),
    // The only addresses asked are those that platform admins gave for sign-outs, often in a network of their own: the
    // library's guard against private addresses is left out.
    fetch: (address, { dispatcher: _guard, ...options }: RequestInit = {}) => fetch(address, options),
    findAccount: (ctx, subjectId) => findAccount(parts, ctx.oidc.client?.[TENANT] as string | undefined, subjectId),
    extraTokenClaims: (ctx) => {
      const { tenantId, role, locale } = (ctx.oidc.account as PersonAccount).person;
      return { tenant: tenantId, role, locale };
    },
    // Everybody's employer has decided already: nobody is asked whether their own company's application may know them.
    loadExistingGrant: async ({ oidc }) => {
      const { client, account } = oidc;
      if (!client || !account) return undefined;
      const known = oidc.session && (await provider.Grant.find(oidc.session.grantIdFor(client.clientId) ?? ''));
      // Another one would end the tokens that the person has there by this session.
      if (known?.accountId === account.accountId) return known;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
      grant.addOIDCScope(SCOPES);
      grant.addResourceScope(resourceOf(client[TENANT]), '');
      await grant.save();
      return grant;
    },
    interactions: { policy: policy(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    renderError: (ctx) => {
      ctx.body = messagePage(ctx.get('accept-language'), 'failed');
    },
  });
  provider.proxy = issuer.startsWith('https:');
  provider.on('backchannel.error', (_ctx, error, client) =>
    logger.warn({ err: error, client: client.clientId }, 'an application was not told of a sign-out'),
  );
  provider.on('server_error', (_ctx, error) => logger.error({ err: error }, 'OpenID provider'));
  provider.Client.prototype.compareClientSecret = function compareHashed(
    this: { clientSecret?: string },
    sent: string,
  ) {
    return timingSafeEqual(Buffer.from(this.clientSecret ?? ''), Buffer.from(sha256Hex(sent)));
  };
  return provider;
}
