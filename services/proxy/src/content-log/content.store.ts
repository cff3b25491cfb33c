/** Kept requests and answers in the tenant's own Postgres, each with its tenant and its person. */
import type { Pool } from '@cloudfreedom/service-kit';

const EXPORT_PAGE_ROWS = 20;

/** Without an encryption key: plain JSON. */
export interface ContentRow {
  reservationId: string;
  subjectId: string;
  requestId: string;
  createdAt: Date;
  model: string;
  surface: string;
  cut: boolean;
  encryptionKeyId: string | null;
  nonce: Buffer | null;
  content: Buffer;
}

const COLUMNS = `reservation_id AS "reservationId", subject_id AS "subjectId", request_id AS "requestId",
  created_at AS "createdAt", model, surface, cut, encryption_key_id AS "encryptionKeyId", nonce, content`;

export class ContentStore {
  readonly #pool: Pool;
  readonly #tenantId: string;

  constructor(pool: Pool, tenantId: string) {
    this.#pool = pool;
    this.#tenantId = tenantId;
  }

  /** The same reservation again changes nothing. */
  async write(rows: ContentRow[]): Promise<void> {
    const column = <Name extends keyof ContentRow>(name: Name) => rows.map((row) => row[name]);
    await this.#pool.query(
      `INSERT INTO proxy.contents (tenant_id, reservation_id, subject_id, request_id, created_at, model, surface, cut,
         encryption_key_id, nonce, content)
       SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
         $8::boolean[], $9::text[], $10::bytea[], $11::bytea[])
       ON CONFLICT (tenant_id, reservation_id) DO NOTHING`,
      [
        this.#tenantId,
        column('reservationId'),
        column('subjectId'),
        column('requestId'),
        column('createdAt'),
        column('model'),
        column('surface'),
        column('cut'),
        column('encryptionKeyId'),
        column('nonce'),
        column('content'),
      ],
    );
  }

  /** @param days older ones are not found */
  async find(reservationId: string, days: number): Promise<ContentRow | null> {
    const { rows } = await this.#pool.query<ContentRow>(
      `SELECT ${COLUMNS} FROM proxy.contents
       WHERE tenant_id = $1 AND reservation_id = $2 AND created_at > now() - make_interval(days => $3)`,
      [this.#tenantId, reservationId, days],
    );
    return rows[0] ?? null;
  }

  /** Everything of somebody, oldest first, a few at a time. */
  async *each(subjectId: string): AsyncGenerator<ContentRow> {
    let after = { at: '-infinity', reservationId: '00000000-0000-0000-0000-000000000000' };
    for (;;) {
      const { rows } = await this.#pool.query<ContentRow & { at: string }>(
        `SELECT ${COLUMNS}, created_at::text AS at FROM proxy.contents
         WHERE tenant_id = $1 AND subject_id = $2 AND (created_at, reservation_id) > ($3::timestamptz, $4::uuid)
         ORDER BY proxy.contents.created_at, proxy.contents.reservation_id LIMIT ${EXPORT_PAGE_ROWS}`,
        [this.#tenantId, subjectId, after.at, after.reservationId],
      );
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < EXPORT_PAGE_ROWS) return;
      after = last;
    }
  }

  /** Everything of people who were erased. */
  async deleteSubjects(subjectIds: string[]): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'DELETE FROM proxy.contents WHERE tenant_id = $1 AND subject_id = ANY($2::text[])',
      [this.#tenantId, subjectIds],
    );
    return rowCount ?? 0;
  }

  /** @param days 0: all */
  async deleteOlderThan(days: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'DELETE FROM proxy.contents WHERE tenant_id = $1 AND ($2 = 0 OR created_at <= now() - make_interval(days => $2))',
      [this.#tenantId, days],
    );
    return rowCount ?? 0;
  }
}
