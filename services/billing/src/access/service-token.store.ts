import type { ServiceTokenList } from '@cloudfreedom/contracts';
import { inTransaction, type NamedStatement, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import { toArrayText } from '../database/insert-rows.ts';

/** The tenant of a service token that is not revoked, by the token's SHA-256. */
export async function readTenantOfToken(pool: Pool, sha256: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ tenant_id: string }>({
    name: 'read-service-token',
    text: 'SELECT tenant_id FROM service_tokens WHERE sha256 = $1 AND revoked_at IS NULL',
    values: [sha256],
  });
  return rows[0]?.tenant_id;
}

/** Those of a tenant's tokens, by their SHA-256, that are not revoked. */
export function readLiveTokens(tenantId: string, sha256s: string[]): NamedStatement {
  return {
    name: 'read-live-tokens',
    text: 'SELECT sha256 FROM service_tokens WHERE tenant_id = $1 AND sha256 = ANY ($2::text[]) AND revoked_at IS NULL',
    values: [tenantId, toArrayText(sha256s)],
  };
}

/** @param also done in the same transaction, after it */
export function addServiceToken(
  pool: Pool,
  token: { id: string; tenantId: string; name: string; sha256: string },
  also: (client: PoolClient) => Promise<void>,
): Promise<void> {
  return inTransaction(pool, async (client) => {
    await client.query('INSERT INTO service_tokens (id, tenant_id, name, sha256) VALUES ($1, $2, $3, $4)', [
      token.id,
      token.tenantId,
      token.name,
      token.sha256,
    ]);
    await also(client);
  });
}

/** Newest first. */
export async function readServiceTokens(pool: Pool, tenantId: string): Promise<ServiceTokenList['items']> {
  const { rows } = await pool.query<{ id: string; name: string; created_at: Date; revoked_at: Date | null }>(
    'SELECT id, name, created_at, revoked_at FROM service_tokens WHERE tenant_id = $1 ORDER BY created_at DESC, id',
    [tenantId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/**
 * The moment of the first revocation stays.
 * @param also done in the transaction of the first one
 * @returns false where the tenant has no such token
 */
export function markRevoked(
  pool: Pool,
  token: { id: string; tenantId: string },
  also: (client: PoolClient) => Promise<void>,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'UPDATE service_tokens SET revoked_at = now() WHERE id = $1 AND tenant_id = $2 AND revoked_at IS NULL',
      [token.id, token.tenantId],
    );
    if (rowCount === 1) await also(client);
    const known = await client.query('SELECT FROM service_tokens WHERE id = $1 AND tenant_id = $2', [
      token.id,
      token.tenantId,
    ]);
    return known.rowCount === 1;
  });
}
