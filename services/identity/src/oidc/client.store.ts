/** Applications that people sign in to through identity, each of one tenant. */
import type { IdTokenAlgorithm } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';

export interface ClientRow {
  id: string;
  tenantId: string;
  name: string;
  secretSha256: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  backchannelLogoutUri: string | null;
  idTokenAlgorithm: IdTokenAlgorithm;
  createdAt: Date;
}

const COLUMNS = `id, tenant_id AS "tenantId", name, secret_sha256 AS "secretSha256", redirect_uris AS "redirectUris",
  post_logout_redirect_uris AS "postLogoutRedirectUris", backchannel_logout_uri AS "backchannelLogoutUri",
  id_token_algorithm AS "idTokenAlgorithm", created_at AS "createdAt"`;

export async function insertClient(transaction: PoolClient, client: Omit<ClientRow, 'createdAt'>): Promise<ClientRow> {
  const { rows } = await transaction.query<ClientRow>(
    `INSERT INTO identity.oidc_clients
       (id, tenant_id, name, secret_sha256, redirect_uris, post_logout_redirect_uris, backchannel_logout_uri,
        id_token_algorithm)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
    [
      client.id,
      client.tenantId,
      client.name,
      client.secretSha256,
      client.redirectUris,
      client.postLogoutRedirectUris,
      client.backchannelLogoutUri,
      client.idTokenAlgorithm,
    ],
  );
  return rows[0] as ClientRow;
}

export async function findClient(pool: Pool, id: string): Promise<ClientRow | undefined> {
  const { rows } = await pool.query<ClientRow>(`SELECT ${COLUMNS} FROM identity.oidc_clients WHERE id = $1`, [id]);
  return rows[0];
}

export async function listClients(pool: Pool, tenantId: string): Promise<ClientRow[]> {
  const { rows } = await pool.query<ClientRow>(
    `SELECT ${COLUMNS} FROM identity.oidc_clients WHERE tenant_id = $1 ORDER BY created_at, id`,
    [tenantId],
  );
  return rows;
}

/** @returns whether there was such a client */
export async function changeClientSecret(
  transaction: PoolClient,
  tenantId: string,
  id: string,
  secretSha256: string,
): Promise<boolean> {
  const { rowCount } = await transaction.query(
    'UPDATE identity.oidc_clients SET secret_sha256 = $3 WHERE tenant_id = $1 AND id = $2',
    [tenantId, id, secretSha256],
  );
  return rowCount === 1;
}

/** With what people have at it. @returns whether there was such a client */
export async function deleteClient(transaction: PoolClient, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `WITH gone AS (DELETE FROM identity.oidc_records WHERE payload->>'clientId' = $2
       AND EXISTS (SELECT 1 FROM identity.oidc_clients WHERE tenant_id = $1 AND id = $2))
     DELETE FROM identity.oidc_clients WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rowCount === 1;
}
