/** Used Idempotency-Keys, in the tenant's own Postgres, which all of its proxies share. */
import type { Pool } from '@cloudfreedom/service-kit';

/** How long a key stays used. */
const LIFETIME = "interval '24 hours'";

export interface UsedKey {
  subjectId: string;
  keySha256: string;
  requestId: string;
}

export class IdempotencyKeyStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @returns null where the key is now this request's, else the request that has it */
  async claim({ subjectId, keySha256, requestId }: UsedKey): Promise<string | null> {
    const { rows } = await this.#pool.query<{ request_id: string; claimed: boolean }>(
      `WITH claimed AS (
         INSERT INTO proxy.idempotency_keys AS used (subject_id, key_sha256, request_id) VALUES ($1, $2, $3)
         ON CONFLICT (subject_id, key_sha256) DO UPDATE SET request_id = EXCLUDED.request_id, created_at = now()
           WHERE used.created_at <= now() - ${LIFETIME}
         RETURNING request_id
       )
       SELECT request_id, true AS claimed FROM claimed
       UNION ALL
       SELECT request_id, false FROM proxy.idempotency_keys
       WHERE subject_id = $1 AND key_sha256 = $2 AND NOT EXISTS (SELECT FROM claimed)`,
      [subjectId, keySha256, requestId],
    );
    const [row] = rows;
    if (row) return row.claimed ? null : row.request_id;
    // Another request claimed it after this statement began, so it doesn't see the row: ask once more.
    return this.claim({ subjectId, keySha256, requestId });
  }

  /** The request was not charged: the key may be used again. */
  async release({ subjectId, keySha256, requestId }: UsedKey): Promise<void> {
    await this.#pool.query(
      'DELETE FROM proxy.idempotency_keys WHERE subject_id = $1 AND key_sha256 = $2 AND request_id = $3',
      [subjectId, keySha256, requestId],
    );
  }

  /** Somebody's used keys, oldest first: no more than of a day. */
  async list(subjectId: string): Promise<{ requestId: string; keySha256: string; createdAt: Date }[]> {
    const { rows } = await this.#pool.query(
      `SELECT request_id AS "requestId", key_sha256 AS "keySha256", created_at AS "createdAt"
       FROM proxy.idempotency_keys WHERE subject_id = $1 ORDER BY created_at`,
      [subjectId],
    );
    return rows;
  }

  /** Everything of people who were erased. */
  async deleteSubjects(subjectIds: string[]): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'DELETE FROM proxy.idempotency_keys WHERE subject_id = ANY($1::text[])',
      [subjectIds],
    );
    return rowCount ?? 0;
  }

  async forgetOld(): Promise<void> {
    await this.#pool.query(`DELETE FROM proxy.idempotency_keys WHERE created_at <= now() - ${LIFETIME}`);
  }
}
