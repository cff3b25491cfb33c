import type { Pool } from '@cloudfreedom/service-kit';

/** The tenant of a service token that is not revoked, by the token's SHA-256. */
export async function readTenantOfToken(pool: Pool, sha256: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ tenant_id: string }>({
    name: 'read-service-token',
    text: 'SELECT tenant_id FROM service_tokens WHERE sha256 = $1 AND revoked_at IS NULL',
    values: [sha256],
  });
  return rows[0]?.tenant_id;
}

export async function addServiceToken(
  pool: Pool,
  token: { id: string; tenantId: string; name: string; sha256: string },
): Promise<void> {
  await pool.query('INSERT INTO service_tokens (id, tenant_id, name, sha256) VALUES ($1, $2, $3, $4)', [
    token.id,
    token.tenantId,
    token.name,
    token.sha256,
  ]);
}
