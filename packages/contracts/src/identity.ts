/** Tokens: a PocketBase session goes in, a short access token that every service checks offline comes out. */
import { z } from 'zod';
import { locale, recordId, role } from './directory.ts';
import { eurAmountNotNegative } from './money.ts';
import { rateLimitFields } from './rate-limits.ts';

export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
export const SESSION_TOKEN_TYPE = 'urn:cloudfreedom:params:oauth:token-type:pocketbase-session';
export const ACCESS_TOKEN_SECONDS = 600;

/** Whom an access token is for: `billing`, `proxy/<tenant id>` or `conversations/<tenant id>`. */
export const audience = z.string().regex(/^(billing|(proxy|conversations)\/[a-z0-9]{15})$/);
export const audienceOf = {
  billing: 'billing',
  proxy: (tenantId: string) => `proxy/${tenantId}`,
  conversations: (tenantId: string) => `conversations/${tenantId}`,
} as const;

/** Form of identity's `POST /oauth/token` (RFC 8693). `audience` may be repeated. */
export const tokenExchangeRequest = z.object({
  grant_type: z.literal(TOKEN_EXCHANGE_GRANT),
  subject_token: z.string().min(1).max(4096),
  subject_token_type: z.literal(SESSION_TOKEN_TYPE),
  audience: z.union([audience, z.array(audience).min(1).max(5)]),
});

export const tokenExchangeResponse = z.object({
  access_token: z.string(),
  issued_token_type: z.literal(ACCESS_TOKEN_TYPE),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().positive(),
});
export type TokenExchangeResponse = z.infer<typeof tokenExchangeResponse>;

/** Claims of an access token beside iss, aud, iat, exp, jti. `sub` is the subject id. No e-mail, no name. */
export const accessTokenClaims = z.object({
  sub: recordId,
  tenant: recordId,
  role,
  locale,
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaims>;

/** Answer of PocketBase `POST /api/people/{id}/end-sessions`: all sessions and access tokens until then are over. */
export const endedSessions = z.object({ subjectId: recordId, at: z.iso.datetime() });

/** Answer of PocketBase `GET /api/internal/principal` (caller: a person's session): who it is, or 403 when suspended. */
export const principalOfSession = z.object({ id: recordId, tenantId: recordId, role, locale });

/** Body of identity's `POST /v1/api-keys` (bearer: a PocketBase session): a key for oneself, or for a service account. */
export const apiKeyCreateRequest = z.object({
  userId: recordId
    .optional()
    .meta({ description: 'a service account: by an admin of its tenant or of the platform. Absent: oneself' }),
  name: z.string().trim().min(1).max(80),
  expiresAt: z.iso.datetime().optional(),
  monthlyBudgetEur: eurAmountNotNegative.optional(),
  models: z.array(z.string()).max(100).optional(),
  ...rateLimitFields,
});

/** `key` is shown this once; only its SHA-256 is kept. */
export const apiKeyCreateResponse = z.object({ id: recordId, name: z.string(), prefix: z.string(), key: z.string() });
export type ApiKeyCreateResponse = z.infer<typeof apiKeyCreateResponse>;

/** Answer of PocketBase `GET /api/internal/people/{id}` (bearer: INTERNAL_SECRET): who may sign in; 403 suspended, 404 unknown. */
export const personOfDirectory = principalOfSession.extend({
  email: z.string(),
  emailVerified: z.boolean(),
  name: z.string(),
  sessionMark: z.string().min(1).meta({ description: "another one where all of the person's sessions were ended" }),
});

const clientUrl = z.url({ protocol: /^https?$/ }).max(500);

export const ID_TOKEN_ALGORITHMS = ['EdDSA', 'ES256'] as const;
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];

/** Body of identity's `POST /v1/tenants/{tenantId}/clients`: an application that the tenant's people sign in to. */
export const oidcClientCreateRequest = z.object({
  name: z.string().trim().min(1).max(80),
  redirectUris: z.array(clientUrl).min(1).max(10),
  postLogoutRedirectUris: z.array(clientUrl).max(10).default([]),
  backchannelLogoutUri: clientUrl
    .nullable()
    .default(null)
    .meta({ description: 'told when somebody signs out elsewhere (OpenID Connect Back-Channel Logout)' }),
  idTokenAlgorithm: z
    .enum(ID_TOKEN_ALGORITHMS)
    .default('EdDSA')
    .meta({ description: 'ID and logout tokens; ES256 where the application knows no EdDSA' }),
});

export const oidcClient = z.object({
  id: z.string(),
  name: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  backchannelLogoutUri: z.string().nullable(),
  idTokenAlgorithm: z.enum(ID_TOKEN_ALGORITHMS),
  createdAt: z.iso.datetime(),
});
export type OidcClient = z.infer<typeof oidcClient>;
/** `secret` is shown this once; only its SHA-256 is kept. */
export const oidcClientWithSecret = oidcClient.extend({ secret: z.string() });
export const oidcClientList = z.object({ clients: z.array(oidcClient) });
export const oidcClientSecret = z.object({ secret: z.string() });

/** Answer of identity's `GET /interaction/{uid}/details`: what the sign-in page is for. */
export const signInDetails = z.object({ application: z.string() });
/** Body of `POST /interaction/{uid}`: the session that the person has just made at PocketBase. */
export const signInContinueRequest = z.object({ session: z.string().min(1).max(4096) });
/** Where the browser goes on. */
export const signInContinueResponse = z.object({ returnTo: z.string() });
