/** The list of erasures in Postgres: only ever added to and read. */
import type { Erasure } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';

/** What is there already stays as it is. Texts about them and by them go, also those that a backup brought back. */
export async function addErasures(pool: Pool, erasures: Erasure[]): Promise<void> {
  await pool.query(
    `INSERT INTO erasures (subject_id, tenant_id, erased_at, erased_by)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) ON CONFLICT DO NOTHING`,
    [
      erasures.map(({ subjectId }) => subjectId),
      erasures.map(({ tenantId }) => tenantId),
      erasures.map(({ at }) => at),
      erasures.map(({ by }) => by),
    ],
  );
  const subjects = erasures.map(({ subjectId }) => subjectId);
  await pool.query('SELECT erase_texts($1::text[]), erase_failures($1::text[])', [subjects]);
}

export async function readErasures(pool: Pool): Promise<Erasure[]> {
  const { rows } = await pool.query<{ subject_id: string; tenant_id: string; erased_at: Date; erased_by: string }>(
    'SELECT subject_id, tenant_id, erased_at, erased_by FROM erasures ORDER BY subject_id',
  );
  return rows.map((row) => ({
    subjectId: row.subject_id,
    tenantId: row.tenant_id,
    at: row.erased_at.toISOString(),
    by: row.erased_by,
  }));
}

/** Subject ids of a tenant's erased people after an id, in their order. */
export async function readErasedSubjects(
  pool: Pool,
  query: { tenantId: string; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ subject_id: string }>(
    'SELECT subject_id FROM erasures WHERE tenant_id = $1 AND subject_id > $2 ORDER BY subject_id LIMIT $3',
    [query.tenantId, query.after, query.limit],
  );
  return rows.map((row) => row.subject_id);
}
