/** Assistants in the tenant's Postgres. Every query carries the subject: what is neither theirs nor shared is not there. */
import type { AssistantRequest, AssistantSummary, KeptFile } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import type { Place } from '../conversations/conversation.ts';
import { bytesOfPerson } from '../files/file.store.ts';

export interface AssistantRow extends Omit<AssistantSummary, 'updatedAt'> {
  updatedAt: Date;
}
export interface WholeAssistantRow extends AssistantRow {
  instructions: string;
  files: KeptFile[];
}

/** Of `assistants a`; $1 is who asks. */
export const READABLE = '(a.subject_id = $1 OR a.shared)';
const SUMMARY = `a.id, a.name, a.description, a.model, a.temperature, a.shared, a.subject_id = $1 AS own,
  a.updated_at AS "updatedAt",
  (SELECT count(*)::int FROM conversations.assistant_files f WHERE f.assistant_id = a.id) AS "fileCount"`;
const FILES = `coalesce((
    SELECT json_agg(json_build_object('id', f.id, 'name', f.name, 'mediaType', f.media_type, 'sizeBytes', f.size_bytes)
      ORDER BY f.created_at, f.id)
    FROM conversations.assistant_files f WHERE f.assistant_id = a.id
  ), '[]') AS files`;

export type AssistantStore = ReturnType<typeof createAssistantStore>;

export function createAssistantStore(pool: Pool) {
  return {
    /** `text`: in the name or the description, in small or large letters. */
    list: async (
      subjectId: string,
      whose: 'own' | 'others',
      text: string,
      after: Place | null,
      limit: number,
    ): Promise<AssistantRow[]> => {
      const { rows } = await pool.query<AssistantRow>(
        `SELECT ${SUMMARY} FROM conversations.assistants a
         WHERE ${whose === 'own' ? 'a.subject_id = $1' : 'a.shared AND a.subject_id <> $1'}
           AND strpos(lower(a.name || ' ' || a.description), lower($2)) > 0
           AND ($3::timestamptz IS NULL OR (a.updated_at, a.id) < ($3, $4::uuid))
         ORDER BY a.updated_at DESC, a.id DESC LIMIT $5`,
        [subjectId, text, after?.updatedAt ?? null, after?.id ?? null, limit],
      );
      return rows;
    },

    find: async (subjectId: string, id: string): Promise<WholeAssistantRow | undefined> => {
      const { rows } = await pool.query<WholeAssistantRow>(
        `SELECT ${SUMMARY}, a.instructions, ${FILES} FROM conversations.assistants a WHERE ${READABLE} AND a.id = $2`,
        [subjectId, id],
      );
      return rows[0];
    },

    count: async (subjectId: string): Promise<number> => {
      const { rows } = await pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM conversations.assistants WHERE subject_id = $1',
        [subjectId],
      );
      return rows[0]?.count ?? 0;
    },

    insert: async (subjectId: string, id: string, given: AssistantRequest): Promise<void> => {
      await pool.query(
        `INSERT INTO conversations.assistants (subject_id, id, name, description, instructions, model, temperature)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        valuesOf(subjectId, id, given),
      );
    },

    /** @returns whether it is theirs */
    change: async (subjectId: string, id: string, given: AssistantRequest): Promise<boolean> => {
      const { rowCount } = await pool.query(
        `UPDATE conversations.assistants SET name = $3, description = $4, instructions = $5, model = $6,
           temperature = $7, updated_at = now() WHERE subject_id = $1 AND id = $2`,
        valuesOf(subjectId, id, given),
      );
      return rowCount === 1;
    },

    /** @returns whether it is theirs */
    setShared: async (subjectId: string, id: string, shared: boolean): Promise<boolean> => {
      const { rowCount } = await pool.query(
        'UPDATE conversations.assistants SET shared = $3 WHERE subject_id = $1 AND id = $2',
        [subjectId, id, shared],
      );
      return rowCount === 1;
    },

    /** With its files. @returns whether it was theirs */
    remove: async (subjectId: string, id: string): Promise<boolean> => {
      const { rowCount } = await pool.query('DELETE FROM conversations.assistants WHERE subject_id = $1 AND id = $2', [
        subjectId,
        id,
      ]);
      return rowCount === 1;
    },

    /** With its files, which count as those of who copies. */
    copy: (
      subjectId: string,
      id: string,
      made: { id: string; name: string },
      bytesMax: number,
    ): Promise<'copied' | 'no_assistant' | 'too_much'> =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          `INSERT INTO conversations.assistants (subject_id, id, name, description, instructions, model, temperature)
           SELECT $1, $3, $4, a.description, a.instructions, a.model, a.temperature
           FROM conversations.assistants a WHERE ${READABLE} AND a.id = $2 FOR SHARE OF a`,
          [subjectId, id, made.id, made.name],
        );
        if (rowCount !== 1) return 'no_assistant';
        await client.query(
          `INSERT INTO conversations.assistant_files (assistant_id, id, name, media_type, size_bytes, content, created_at)
           SELECT $2, f.id, f.name, f.media_type, f.size_bytes, f.content, f.created_at
           FROM conversations.assistant_files f WHERE f.assistant_id = $1`,
          [id, made.id],
        );
        if ((await bytesOfPerson(client, subjectId)) <= bytesMax) return 'copied';
        await client.query('DELETE FROM conversations.assistants WHERE id = $1', [made.id]);
        return 'too_much';
      }),
  };
}

function valuesOf(subjectId: string, id: string, given: AssistantRequest) {
  const { name, description, instructions, model, temperature } = given;
  return [subjectId, id, name, description, instructions, model, temperature];
}
