/** Service tokens: the secret by which a tenant's proxy is known. */
import { randomUUID } from 'node:crypto';
import type { ServiceTokenList } from '@cloudfreedom/contracts';
import { bearerToken, createSecret, isWellFormedSecret, type Pool, sha256Hex } from '@cloudfreedom/service-kit';
import { auditEntry, written } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { readTenant } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import type { Actor } from './actor.ts';
import { addServiceToken, markRevoked, readServiceTokens, readTenantOfToken } from './service-token.store.ts';

const TOKENS_KNOWN_MAX = 10_000;

/** @throws ApiError invalid_service_token where it is none by its form */
function hashOfPresented(authorization: string | undefined): string {
  const token = bearerToken(authorization);
  if (token === undefined || !isWellFormedSecret(token, 'cfs-')) throw billingError('invalid_service_token');
  return sha256Hex(token);
}

/** @returns the tenant that the token belongs to. @throws ApiError invalid_service_token */
export async function authenticateService(pool: Pool, authorization: string | undefined): Promise<string> {
  const tenantId = await readTenantOfToken(pool, hashOfPresented(authorization));
  if (!tenantId) throw billingError('invalid_service_token');
  return tenantId;
}

/**
 * For those who ask again, in their own transaction, whether the token is revoked: whose it is never changes, so it is
 * looked up once. @throws ApiError invalid_service_token
 */
export function createTokenReader(pool: Pool) {
  const tenantByHash = new Map<string, string>();
  return async (authorization: string | undefined): Promise<{ tenantId: string; tokenSha256: string }> => {
    const tokenSha256 = hashOfPresented(authorization);
    const known = tenantByHash.get(tokenSha256);
    if (known !== undefined) return { tenantId: known, tokenSha256 };
    const tenantId = await authenticateService(pool, authorization);
    if (tenantByHash.size >= TOKENS_KNOWN_MAX) tenantByHash.clear();
    tenantByHash.set(tokenSha256, tenantId);
    return { tenantId, tokenSha256 };
  };
}

/** A further token for a tenant; earlier ones stay valid, so that it can be exchanged without a gap. Shown this once. */
export async function createServiceToken(
  pool: Pool,
  actor: Actor,
  tenantId: string,
  name: string,
): Promise<{ id: string; token: string }> {
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  const id = randomUUID();
  const token = createSecret('cfs-');
  const made = {
    action: 'create',
    collection: 'service_tokens',
    targetId: id,
    after: { name: written(name) },
  } as const;
  await addServiceToken(pool, { id, tenantId, name, sha256: sha256Hex(token) }, (client) =>
    queueAudit(client, [auditEntry(actor, tenantId, made)]),
  );
  return { id, token };
}

/** All that were ever made for a tenant. @throws ApiError tenant_not_found */
export async function listServiceTokens(pool: Pool, tenantId: string): Promise<ServiceTokenList> {
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  return { items: await readServiceTokens(pool, tenantId) };
}

/** From the next request on it is refused; revoking it again changes nothing. @throws ApiError service_token_not_found */
export async function revokeServiceToken(pool: Pool, actor: Actor, tenantId: string, id: string): Promise<void> {
  const entry = auditEntry(actor, tenantId, { action: 'delete', collection: 'service_tokens', targetId: id });
  if (!(await markRevoked(pool, { id, tenantId }, (client) => queueAudit(client, [entry]))))
    throw billingError('service_token_not_found');
}
