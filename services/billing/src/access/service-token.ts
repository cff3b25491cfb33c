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

/** @returns the tenant that the token belongs to. @throws ApiError invalid_service_token */
export async function authenticateService(pool: Pool, authorization: string | undefined): Promise<string> {
  const token = bearerToken(authorization);
  const known = token !== undefined && isWellFormedSecret(token, 'cfs-');
  const tenantId = known ? await readTenantOfToken(pool, sha256Hex(token)) : undefined;
  if (!tenantId) throw billingError('invalid_service_token');
  return tenantId;
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
