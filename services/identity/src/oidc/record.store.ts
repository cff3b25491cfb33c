/** Sessions, grants, codes and tokens of the OpenID provider in identity's Postgres. */
import { type Pool, sha256Hex } from '@cloudfreedom/service-kit';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** A session and an interaction are found by a signed cookie, their ids are no secret by themselves. */
const KEPT_WITH_ID = new Set(['Session', 'Interaction', 'Grant']);

interface Row {
  payload: AdapterPayload;
  consumed: boolean;
}

/** Adapter of oidc-provider for one of its models. */
export function createRecordAdapter(pool: Pool, model: string): Adapter {
  const restored = (row: Row | undefined, id?: string): AdapterPayload | undefined =>
    row && {
      ...row.payload,
      ...(id !== undefined && { jti: id }),
      ...(row.consumed && { consumed: true }),
    };
  const findOne = async (where: string, value: string) => {
    const { rows } = await pool.query<Row>(
      `SELECT payload, consumed_at IS NOT NULL AS consumed FROM identity.oidc_records
       WHERE model = $1 AND ${where} = $2 AND (expires_at IS NULL OR expires_at > now())`,
      [model, value],
    );
    return rows[0];
  };
  return {
    async upsert(id, payload, expiresIn) {
      const { jti, ...rest } = payload;
      const kept = KEPT_WITH_ID.has(model) ? { jti, ...rest } : rest;
      await pool.query(
        `INSERT INTO identity.oidc_records (model, id_sha256, payload, subject_id, grant_id, uid, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
         ON CONFLICT (model, id_sha256) DO UPDATE SET payload = EXCLUDED.payload, subject_id = EXCLUDED.subject_id,
           grant_id = EXCLUDED.grant_id, uid = EXCLUDED.uid, expires_at = EXCLUDED.expires_at`,
        [
          model,
          sha256Hex(id),
          kept,
          payload.accountId ?? null,
          payload.grantId ?? null,
          payload.uid ?? null,
          expiresIn || null,
        ],
      );
    },
    find: async (id) => restored(await findOne('id_sha256', sha256Hex(id)), id),
    findByUid: async (uid) => restored(await findOne('uid', uid)),
    findByUserCode: async () => undefined,
    async consume(id) {
      await pool.query('UPDATE identity.oidc_records SET consumed_at = now() WHERE model = $1 AND id_sha256 = $2', [
        model,
        sha256Hex(id),
      ]);
    },
    async destroy(id) {
      await pool.query('DELETE FROM identity.oidc_records WHERE model = $1 AND id_sha256 = $2', [model, sha256Hex(id)]);
    },
    async revokeByGrantId(grantId) {
      await pool.query('DELETE FROM identity.oidc_records WHERE grant_id = $1', [grantId]);
    },
  };
}

/** @returns how many had expired */
export async function deleteExpiredRecords(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query('DELETE FROM identity.oidc_records WHERE expires_at < now()');
  return rowCount ?? 0;
}
