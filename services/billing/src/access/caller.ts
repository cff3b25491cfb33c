/** People who ask billing about their own money, or as admins about others'. */
import type { Locale, RefusalCode, Role } from '@cloudfreedom/contracts';
import {
  type AccessTokenCheck,
  bearerToken,
  isWellFormedSecret,
  type Pool,
  sha256Hex,
} from '@cloudfreedom/service-kit';
import { readDirectory, readTenant, readTenantOfKey, readUser } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { endedSince, identifyPrincipal, isExpired } from '../ledger/authorize.ts';

export interface Caller {
  subjectId: string;
  tenantId: string;
  role: Role;
  /** What they read where a request asks for no language. */
  locale: Locale;
  /** Set when the caller is an API key; it then sees its own requests only. */
  apiKeyId: string | null;
}

export interface CallerAccess {
  pool: Pool;
  checkToken: AccessTokenCheck;
}

/**
 * Who calls: a person with an access token for billing, or an API key.
 * @throws ApiError unauthenticated, invalid_api_key, account_suspended, tenant_expired
 */
export async function authenticateCaller(access: CallerAccess, authorization: string | undefined): Promise<Caller> {
  const token = bearerToken(authorization);
  if (token === undefined) throw billingError('unauthenticated');
  return token.startsWith('cf-') ? callerOfKey(access.pool, token) : callerOfToken(access, token);
}

/**
 * The directory overrules the token: a suspension or another role counts at once, not when the token ends. Somebody whom
 * the copy has not heard of yet is who the token says.
 */
async function callerOfToken({ pool, checkToken }: CallerAccess, token: string): Promise<Caller> {
  const claims = await checkToken(token);
  const user = await readUser(pool, claims.sub);
  if (user === 'deleted') throw billingError('unauthenticated');
  if (user && user.status !== 'active') throw billingError('account_suspended');
  if (user && endedSince(user, claims.issuedAt)) throw billingError('unauthenticated');
  if (user && user.tenantId !== claims.tenant) throw billingError('unauthenticated');
  const tenant = await readTenant(pool, claims.tenant);
  if (tenant && tenant.status !== 'active') throw billingError('account_suspended');
  if (tenant && isExpired(tenant, new Date())) throw billingError('tenant_expired');
  const { role, locale } = user ?? claims;
  return { subjectId: claims.sub, tenantId: claims.tenant, role, locale, apiKeyId: null };
}

async function callerOfKey(pool: Pool, key: string): Promise<Caller> {
  const sha256 = sha256Hex(key);
  const tenantId = isWellFormedSecret(key, 'cf-') ? await readTenantOfKey(pool, sha256) : undefined;
  if (!tenantId) throw billingError('invalid_api_key');
  const directory = await readDirectory(pool, {
    tenantId,
    keyHashes: [sha256],
    keyIds: [],
    userIds: [],
    modelNames: [],
  });
  const known = identifyPrincipal({ now: new Date(), ...directory }, { type: 'api_key', sha256 });
  if ('refused' in known) throw billingError(errorOf(known.refused));
  const { id: subjectId, locale } = known.user;
  return { subjectId, tenantId, role: 'member', locale, apiKeyId: known.apiKey?.id ?? null };
}

function errorOf(refusal: RefusalCode): Parameters<typeof billingError>[0] {
  if (refusal === 'tenant_expired') return refusal;
  return refusal.endsWith('_suspended') ? 'account_suspended' : 'invalid_api_key';
}

/** An admin of this tenant or of the platform. @throws ApiError forbidden */
export function requireTenantAdmin(caller: Caller, tenantId: string): void {
  const ofTenant = caller.role === 'tenant_admin' && caller.tenantId === tenantId;
  if (!ofTenant && caller.role !== 'platform_admin') throw billingError('forbidden');
}

/** @throws ApiError forbidden */
export function requirePlatformAdmin(caller: Caller): void {
  if (caller.role !== 'platform_admin') throw billingError('forbidden');
}
