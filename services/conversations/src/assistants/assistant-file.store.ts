/** Files of assistants. Changed by the owner alone, read by whoever may use the assistant. */
import { FILES_OF_ASSISTANT_BYTES_MAX, FILES_PER_ASSISTANT_MAX } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import { bytesOfPerson, type FileRow, type NewFile } from '../files/file.store.ts';
import { READABLE } from './assistant.store.ts';

export interface AssistantFilePlace {
  assistantId: string;
  id: string;
}
export type AssistantFileRow = AssistantFilePlace & Omit<FileRow, 'conversationId'>;

export type AssistantFileStore = ReturnType<typeof createAssistantFileStore>;

export function createAssistantFileStore(pool: Pool) {
  return {
    /** `conflict`: another file has this id. `too_many`, `too_large`: of this assistant; `too_much`: of this person. */
    keep: (
      subjectId: string,
      assistantId: string,
      file: NewFile,
      bytesMax: number,
    ): Promise<'kept' | 'repeated' | 'conflict' | 'no_assistant' | 'too_many' | 'too_large' | 'too_much'> =>
      inTransaction(pool, async (client) => {
        const own = await client.query(
          'UPDATE conversations.assistants SET updated_at = now() WHERE subject_id = $1 AND id = $2',
          [subjectId, assistantId],
        );
        if (own.rowCount === 0) return 'no_assistant';
        const before = await client.query<{ same: boolean }>(
          `SELECT name = $3 AND content = $4 AS same FROM conversations.assistant_files
           WHERE assistant_id = $1 AND id = $2`,
          [assistantId, file.id, file.name, file.content],
        );
        if (before.rows[0]) return before.rows[0].same ? 'repeated' : 'conflict';
        const { rows } = await client.query<{ files: number; bytes: string }>(
          `SELECT count(*)::int AS files, coalesce(sum(size_bytes), 0) AS bytes FROM conversations.assistant_files
           WHERE assistant_id = $1`,
          [assistantId],
        );
        if ((rows[0]?.files ?? 0) >= FILES_PER_ASSISTANT_MAX) return 'too_many';
        if (Number(rows[0]?.bytes) + file.sizeBytes > FILES_OF_ASSISTANT_BYTES_MAX) return 'too_large';
        if ((await bytesOfPerson(client, subjectId)) + file.sizeBytes > bytesMax) return 'too_much';
        await client.query(
          `INSERT INTO conversations.assistant_files (assistant_id, id, name, media_type, size_bytes, content)
           VALUES ($1, $2, $3, $4, $5, $6)`,
          [assistantId, file.id, file.name, file.mediaType, file.sizeBytes, file.content],
        );
        return 'kept';
      }),

    find: async (subjectId: string, place: AssistantFilePlace): Promise<AssistantFileRow | undefined> => {
      const { rows } = await pool.query<AssistantFileRow>(
        `SELECT f.assistant_id AS "assistantId", f.id, f.name, f.media_type AS "mediaType",
           f.size_bytes AS "sizeBytes", f.created_at AS at, f.content
         FROM conversations.assistant_files f JOIN conversations.assistants a ON a.id = f.assistant_id AND ${READABLE}
         WHERE f.assistant_id = $2 AND f.id = $3`,
        [subjectId, place.assistantId, place.id],
      );
      return rows[0];
    },

    /** @returns whether there was one of theirs */
    remove: async (subjectId: string, place: AssistantFilePlace): Promise<boolean> => {
      const { rowCount } = await pool.query(
        `DELETE FROM conversations.assistant_files f USING conversations.assistants a
         WHERE a.id = f.assistant_id AND a.subject_id = $1 AND f.assistant_id = $2 AND f.id = $3`,
        [subjectId, place.assistantId, place.id],
      );
      return rowCount === 1;
    },

    /** Where all files of somebody's own assistants are. */
    places: async (subjectId: string): Promise<AssistantFilePlace[]> => {
      const { rows } = await pool.query<AssistantFilePlace>(
        `SELECT f.assistant_id AS "assistantId", f.id
         FROM conversations.assistant_files f JOIN conversations.assistants a ON a.id = f.assistant_id
         WHERE a.subject_id = $1 ORDER BY f.created_at, f.id`,
        [subjectId],
      );
      return rows;
    },
  };
}
