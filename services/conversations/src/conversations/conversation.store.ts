/** Conversations in the tenant's Postgres. Every query carries the subject: what is not theirs is not there. */
import type { Message, messageAppendRequest } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import type { Place } from './conversation.ts';

export interface ConversationRow {
  id: string;
  title: string;
  updatedAt: Date;
}
export interface MessageRow extends Omit<Message, 'at'> {
  at: Date;
}
export type NewMessage = z.infer<typeof messageAppendRequest>;

/** `kept`: another message with this id is there already and has other content. */
export type AppendAnswer =
  | { status: 'appended'; message: MessageRow }
  | { status: 'repeated'; message: MessageRow }
  | { status: 'conflict' }
  | { status: 'no_conversation' };

const SUMMARY = 'id, title, updated_at AS "updatedAt"';
const MESSAGE = 'id, role, content, model, charge_eur AS "chargeEur", created_at AS at';

export type ConversationStore = ReturnType<typeof createConversationStore>;

export function createConversationStore(pool: Pool) {
  return {
    ping: async (): Promise<void> => {
      await pool.query('SELECT 1');
    },

    list: async (subjectId: string, after: Place | null, limit: number): Promise<ConversationRow[]> => {
      const { rows } = await pool.query<ConversationRow>(
        `SELECT ${SUMMARY} FROM conversations.conversations
         WHERE subject_id = $1 AND ($2::timestamptz IS NULL OR (updated_at, id) < ($2, $3::uuid))
         ORDER BY updated_at DESC, id DESC LIMIT $4`,
        [subjectId, after?.updatedAt ?? null, after?.id ?? null, limit],
      );
      return rows;
    },

    insert: async (subjectId: string, id: string, title: string): Promise<ConversationRow | undefined> => {
      const { rows } = await pool.query<ConversationRow>(
        `INSERT INTO conversations.conversations (id, subject_id, title) VALUES ($1, $2, $3) RETURNING ${SUMMARY}`,
        [id, subjectId, title],
      );
      return rows[0];
    },

    find: async (subjectId: string, id: string): Promise<ConversationRow | undefined> => {
      const { rows } = await pool.query<ConversationRow>(
        `SELECT ${SUMMARY} FROM conversations.conversations WHERE subject_id = $1 AND id = $2`,
        [subjectId, id],
      );
      return rows[0];
    },

    messages: async (subjectId: string, id: string): Promise<MessageRow[]> => {
      const { rows } = await pool.query<MessageRow>(
        `SELECT ${MESSAGE} FROM conversations.messages WHERE conversation_id =
           (SELECT id FROM conversations.conversations WHERE subject_id = $1 AND id = $2)
         ORDER BY position`,
        [subjectId, id],
      );
      return rows;
    },

    rename: async (subjectId: string, id: string, title: string): Promise<ConversationRow | undefined> => {
      const { rows } = await pool.query<ConversationRow>(
        `UPDATE conversations.conversations SET title = $3 WHERE subject_id = $1 AND id = $2 RETURNING ${SUMMARY}`,
        [subjectId, id, title],
      );
      return rows[0];
    },

    /** @returns whether there was one */
    remove: async (subjectId: string, id: string): Promise<boolean> => {
      const { rowCount } = await pool.query(
        'DELETE FROM conversations.conversations WHERE subject_id = $1 AND id = $2',
        [subjectId, id],
      );
      return rowCount === 1;
    },

    append: (subjectId: string, conversationId: string, given: NewMessage): Promise<AppendAnswer> =>
      inTransaction(pool, async (client) => {
        // The conversation's row is the lock: messages get their order here, and it can't vanish meanwhile.
        const own = await client.query(
          'SELECT 1 FROM conversations.conversations WHERE subject_id = $1 AND id = $2 FOR UPDATE',
          [subjectId, conversationId],
        );
        if (own.rowCount === 0) return { status: 'no_conversation' };
        const inserted = await client.query<MessageRow>(
          `INSERT INTO conversations.messages (conversation_id, id, role, content, model, charge_eur)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (conversation_id, id) DO NOTHING RETURNING ${MESSAGE}`,
          [conversationId, given.id, given.role, given.content, given.model, given.chargeEur],
        );
        const [message] = inserted.rows;
        if (message) {
          await client.query('UPDATE conversations.conversations SET updated_at = now() WHERE id = $1', [
            conversationId,
          ]);
          return { status: 'appended', message };
        }
        const { rows } = await client.query<MessageRow & { same: boolean }>(
          `SELECT ${MESSAGE}, (role, content) = ($3, $4) AND model IS NOT DISTINCT FROM $5
             AND charge_eur IS NOT DISTINCT FROM $6 AS same
           FROM conversations.messages WHERE conversation_id = $1 AND id = $2`,
          [conversationId, given.id, given.role, given.content, given.model, given.chargeEur],
        );
        const [found] = rows;
        if (!found?.same) return { status: 'conflict' };
        const { same: _, ...repeated } = found;
        return { status: 'repeated', message: repeated };
      }),
  };
}
