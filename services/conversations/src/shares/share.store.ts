/** Links to conversations. One reads by its id alone: whoever has a token of this tenant may. */
import type { Pool } from '@cloudfreedom/service-kit';
import type { MessageRow } from '../conversations/conversation.store.ts';

/** Without what it cost, what the model thought, and files. */
export type SharedMessageRow = Omit<MessageRow, 'chargeEur' | 'reasoning' | 'attachments'>;

export interface SharedRow {
  id: string;
  title: string;
  sharedAt: Date;
  own: boolean;
  conversationId: string;
  lastPosition: bigint;
}

export type ShareStore = ReturnType<typeof createShareStore>;

export function createShareStore(pool: Pool) {
  return {
    /** Up to its newest message; a link that is there stays and shows that much from now on. @returns whether it is theirs */
    share: async (subjectId: string, conversationId: string, newId: string): Promise<boolean> => {
      const { rowCount } = await pool.query(
        `INSERT INTO conversations.shares (id, conversation_id, last_position, message_count)
         WITH RECURSIVE path AS (
           (SELECT id, parent_id, position FROM conversations.messages WHERE conversation_id = $2
            ORDER BY position DESC LIMIT 1)
           UNION ALL
           SELECT m.id, m.parent_id, m.position
           FROM conversations.messages m JOIN path ON m.conversation_id = $2 AND m.id = path.parent_id
         )
         SELECT $3, c.id, coalesce(max(p.position), 0), count(p.id)
         FROM conversations.conversations c LEFT JOIN path p ON true
         WHERE c.subject_id = $1 AND c.id = $2 AND c.deleted_at IS NULL GROUP BY c.id
         ON CONFLICT (conversation_id) DO UPDATE SET last_position = excluded.last_position,
           message_count = excluded.message_count, shared_at = now()`,
        [subjectId, conversationId, newId],
      );
      return rowCount === 1;
    },
    /** @returns whether there was a link of theirs */
    revoke: async (subjectId: string, conversationId: string): Promise<boolean> => {
      const { rowCount } = await pool.query(
        `DELETE FROM conversations.shares s USING conversations.conversations c
         WHERE c.id = s.conversation_id AND c.subject_id = $1 AND c.id = $2`,
        [subjectId, conversationId],
      );
      return rowCount === 1;
    },
    read: async (subjectId: string, id: string): Promise<SharedRow | undefined> => {
      const { rows } = await pool.query<SharedRow>(
        `SELECT s.id, c.title, s.shared_at AS "sharedAt", c.subject_id = $1 AS own, c.id AS "conversationId",
           s.last_position AS "lastPosition"
         FROM conversations.shares s JOIN conversations.conversations c ON c.id = s.conversation_id
         WHERE s.id = $2 AND c.deleted_at IS NULL`,
        [subjectId, id],
      );
      return rows[0];
    },
    /** The newest message that was there when it was shared, with all it follows: none of the branches beside. */
    messages: async ({ conversationId, lastPosition }: SharedRow): Promise<SharedMessageRow[]> => {
      const { rows } = await pool.query<SharedMessageRow>(
        `WITH RECURSIVE path AS (
           (SELECT * FROM conversations.messages WHERE conversation_id = $1 AND position <= $2
            ORDER BY position DESC LIMIT 1)
           UNION ALL
           SELECT m.* FROM conversations.messages m JOIN path ON m.conversation_id = $1 AND m.id = path.parent_id
         )
         SELECT id, parent_id AS "parentId", role, content, model, ending, served_by AS "servedBy", citations,
           created_at AS at
         FROM path ORDER BY position`,
        [conversationId, lastPosition],
      );
      return rows;
    },
  };
}
