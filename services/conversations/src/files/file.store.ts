/** Files of conversations in the tenant's Postgres. Every query carries the subject: what is not theirs is not there. */
import type { FileMediaType, KeptFile } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';

export interface NewFile extends KeptFile {
  content: Uint8Array;
}
export interface FilePlace {
  conversationId: string;
  id: string;
}
export interface FileRow extends FilePlace {
  name: string;
  mediaType: FileMediaType;
  sizeBytes: number;
  at: Date;
  content: Buffer;
}

const OF_OWN = `JOIN conversations.conversations c ON c.id = f.conversation_id AND c.subject_id = $1 AND c.deleted_at IS NULL`;

/** What all files of one person take, those of their assistants too. */
export async function bytesOfPerson(client: Pick<Pool, 'query'>, subjectId: string): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT coalesce(sum(size_bytes), 0) AS bytes FROM (
       SELECT f.size_bytes FROM conversations.files f
         JOIN conversations.conversations c ON c.id = f.conversation_id AND c.subject_id = $1
       UNION ALL
       SELECT f.size_bytes FROM conversations.assistant_files f
         JOIN conversations.assistants a ON a.id = f.assistant_id AND a.subject_id = $1
     ) AS theirs`,
    [subjectId],
  );
  return Number(rows[0]?.bytes);
}

export type FileStore = ReturnType<typeof createFileStore>;

export function createFileStore(pool: Pool) {
  return {
    /** `conflict`: another file has this id. Files that no message got within the hour go. */
    keep: (
      subjectId: string,
      conversationId: string,
      file: NewFile,
      bytesMax: number,
    ): Promise<'kept' | 'repeated' | 'conflict' | 'no_conversation' | 'too_much'> =>
      inTransaction(pool, async (client) => {
        const own = await client.query(
          `SELECT 1 FROM conversations.conversations
           WHERE subject_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
          [subjectId, conversationId],
        );
        if (own.rowCount === 0) return 'no_conversation';
        await client.query(
          `DELETE FROM conversations.files f WHERE conversation_id = $1 AND created_at < now() - interval '1 hour'
             AND NOT EXISTS (SELECT 1 FROM conversations.message_files m
               WHERE m.conversation_id = f.conversation_id AND m.file_id = f.id)`,
          [conversationId],
        );
        const before = await client.query<{ same: boolean }>(
          `SELECT name = $3 AND content = $4 AS same FROM conversations.files WHERE conversation_id = $1 AND id = $2`,
          [conversationId, file.id, file.name, file.content],
        );
        if (before.rows[0]) return before.rows[0].same ? 'repeated' : 'conflict';
        if ((await bytesOfPerson(client, subjectId)) + file.sizeBytes > bytesMax) return 'too_much';
        await client.query(
          `INSERT INTO conversations.files (conversation_id, id, name, media_type, size_bytes, content)
           VALUES ($1, $2, $3, $4, $5, $6)`,
          [conversationId, file.id, file.name, file.mediaType, file.sizeBytes, file.content],
        );
        return 'kept';
      }),

    find: async (subjectId: string, place: FilePlace): Promise<FileRow | undefined> => {
      const { rows } = await pool.query<FileRow>(
        `SELECT f.conversation_id AS "conversationId", f.id, f.name, f.media_type AS "mediaType",
           f.size_bytes AS "sizeBytes", f.created_at AS at, f.content
         FROM conversations.files f ${OF_OWN} WHERE f.conversation_id = $2 AND f.id = $3`,
        [subjectId, place.conversationId, place.id],
      );
      return rows[0];
    },

    /** Where all of somebody's files are. */
    places: async (subjectId: string): Promise<FilePlace[]> => {
      const { rows } = await pool.query<FilePlace>(
        `SELECT f.conversation_id AS "conversationId", f.id FROM conversations.files f ${OF_OWN}
         ORDER BY f.created_at, f.id`,
        [subjectId],
      );
      return rows;
    },
  };
}
