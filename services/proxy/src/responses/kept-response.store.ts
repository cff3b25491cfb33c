/** Kept responses in the tenant's own Postgres. Every question names the person: nobody finds another's. */
import type { Pool } from '@cloudfreedom/service-kit';

/** A conversation of more responses than this is not followed to its beginning. */
const CHAIN_MAX = 1_000;
const EXPORT_PAGE_ROWS = 10;
/** Nor one of more text than this: every request that goes on with it would hold all of it in memory. */
const CHAIN_BYTES_MAX = 32 * 1024 * 1024;

export interface KeptResponse {
  id: string;
  previousId: string | null;
  /** JSON: the items of this request alone. */
  input: string;
  /** JSON: the `response` object. */
  response: string;
}

interface Row {
  id: string;
  previous_id: string | null;
  input: string;
  response: string;
}

const keptOf = ({ id, previous_id, input, response }: Row): KeptResponse => ({
  id,
  previousId: previous_id,
  input,
  response,
});

export class KeptResponseStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async save(subjectId: string, kept: KeptResponse, itemIds: string[]): Promise<void> {
    await this.#pool.query(
      `INSERT INTO proxy.responses (subject_id, id, previous_id, input, response, item_ids)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (subject_id, id) DO UPDATE SET previous_id = excluded.previous_id, created_at = now(),
         input = excluded.input, response = excluded.response, item_ids = excluded.item_ids`,
      [subjectId, kept.id, kept.previousId, kept.input, kept.response, itemIds],
    );
  }

  /** @param days older ones are not found */
  async find(subjectId: string, id: string, days: number): Promise<KeptResponse | null> {
    const { rows } = await this.#pool.query<Row>(
      `SELECT id, previous_id, input, response FROM proxy.responses
       WHERE subject_id = $1 AND id = $2 AND created_at > now() - make_interval(days => $3)`,
      [subjectId, id, days],
    );
    return rows[0] ? keptOf(rows[0]) : null;
  }

  /** The response and those before it, the first one first. Empty: it isn't there, not whole any more, or too long. */
  async conversation(subjectId: string, id: string, days: number): Promise<KeptResponse[]> {
    const { rows } = await this.#pool.query<Row>(
      `WITH RECURSIVE chain AS (
         SELECT id, previous_id, input, response, 1 AS depth,
           octet_length(input)::bigint + octet_length(response) AS bytes FROM proxy.responses
         WHERE subject_id = $1 AND id = $2 AND created_at > now() - make_interval(days => $3)
         UNION ALL
         SELECT r.id, r.previous_id, r.input, r.response, chain.depth + 1,
           chain.bytes + octet_length(r.input) + octet_length(r.response)
         FROM chain JOIN proxy.responses r ON r.subject_id = $1 AND r.id = chain.previous_id
           AND r.created_at > now() - make_interval(days => $3)
         WHERE chain.depth < $4 AND chain.bytes + octet_length(r.input) + octet_length(r.response) <= $5
       ) SELECT id, previous_id, input, response FROM chain ORDER BY depth DESC`,
      [subjectId, id, days, CHAIN_MAX, CHAIN_BYTES_MAX],
    );
    return rows[0]?.previous_id === null ? rows.map(keptOf) : [];
  }

  /** The responses that these items are the output of. */
  async withItems(subjectId: string, itemIds: string[], days: number): Promise<KeptResponse[]> {
    const { rows } = await this.#pool.query<Row>(
      `SELECT id, previous_id, input, response FROM proxy.responses
       WHERE subject_id = $1 AND item_ids && $2::text[] AND created_at > now() - make_interval(days => $3)`,
      [subjectId, itemIds, days],
    );
    return rows.map(keptOf);
  }

  /** Everything of somebody, oldest first; few are held at a time, for each may be as long as a request. */
  async *each(subjectId: string): AsyncGenerator<KeptResponse & { createdAt: Date }> {
    let after = { created_at: '-infinity', id: '' };
    for (;;) {
      // The moment as text: a Date would cut its microseconds and meet the same row again.
      const { rows } = await this.#pool.query<Row & { at: Date; created_at: string }>(
        `SELECT id, previous_id, input, response, created_at AS at, created_at::text FROM proxy.responses
         WHERE subject_id = $1 AND (created_at, id) > ($2::timestamptz, $3) ORDER BY proxy.responses.created_at, id
         LIMIT ${EXPORT_PAGE_ROWS}`,
        [subjectId, after.created_at, after.id],
      );
      for (const row of rows) yield { ...keptOf(row), createdAt: row.at };
      const last = rows.at(-1);
      if (!last || rows.length < EXPORT_PAGE_ROWS) return;
      after = last;
    }
  }

  /** @returns was it there? */
  async delete(subjectId: string, id: string, days: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `DELETE FROM proxy.responses
       WHERE subject_id = $1 AND id = $2 AND created_at > now() - make_interval(days => $3)`,
      [subjectId, id, days],
    );
    return rowCount === 1;
  }

  /** Everything of people who were erased. */
  async deleteSubjects(subjectIds: string[]): Promise<number> {
    const { rowCount } = await this.#pool.query('DELETE FROM proxy.responses WHERE subject_id = ANY($1::text[])', [
      subjectIds,
    ]);
    return rowCount ?? 0;
  }

  async deleteOlderThan(days: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'DELETE FROM proxy.responses WHERE created_at <= now() - make_interval(days => $1)',
      [days],
    );
    return rowCount ?? 0;
  }
}
