/** Whose sessions here belong to which of their sessions in PocketBase. */
import type { Pool } from '@cloudfreedom/service-kit';

/** Somebody has signed in: from now on their sessions here live as long as those that PocketBase knows by this mark. */
export async function rememberSessionMark(pool: Pool, subjectId: string, mark: string): Promise<void> {
  await pool.query(
    `INSERT INTO identity.oidc_people (subject_id, session_mark) VALUES ($1, $2)
     ON CONFLICT (subject_id) DO UPDATE SET session_mark = EXCLUDED.session_mark`,
    [subjectId, mark],
  );
}

export async function readSessionMark(pool: Pool, subjectId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ session_mark: string }>(
    'SELECT session_mark FROM identity.oidc_people WHERE subject_id = $1',
    [subjectId],
  );
  return rows[0]?.session_mark;
}

/** Every session, grant and token of theirs, and the mark. @returns how many rows went */
export async function forgetPeople(pool: Pool, subjectIds: string[]): Promise<number> {
  const { rows } = await pool.query<{ gone: number }>(
    `WITH people AS (DELETE FROM identity.oidc_people WHERE subject_id = ANY ($1::text[]) RETURNING 1),
       records AS (DELETE FROM identity.oidc_records WHERE subject_id = ANY ($1::text[]) RETURNING 1)
     SELECT ((SELECT count(*) FROM people) + (SELECT count(*) FROM records))::int AS gone`,
    [subjectIds],
  );
  return rows[0]?.gone ?? 0;
}
