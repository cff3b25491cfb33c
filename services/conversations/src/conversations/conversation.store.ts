/** Conversations in the tenant's Postgres. Every query carries the subject: what is not theirs is not there. */
import { isDeepStrictEqual } from 'node:util';
import type {
  ConversationChangeRequest,
  ConversationSettings,
  Message,
  messageAppendRequest,
} from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { READABLE } from '../assistants/assistant.store.ts';
import type { Place } from './conversation.ts';

export interface ConversationRow {
  id: string;
  title: string;
  updatedAt: Date;
  pinned: boolean;
  folderId: string | null;
  shareId: string | null;
  sharedAt: Date | null;
  messageCount: number | null;
}
export interface MessageRow extends Omit<Message, 'at'> {
  at: Date;
}
export interface SettingsRow extends ConversationSettings {
  assistantId: string | null;
}
export type NewMessage = z.infer<typeof messageAppendRequest>;
export interface ListFilter {
  /** null: both. */
  pinned: boolean | null;
  /** 'none': those in no folder; null: all. */
  folderId: string | null;
}
/** `no_folder`: the folder that it was to be put in is not theirs. */
export type ChangeAnswer = ConversationRow | 'no_conversation' | 'no_folder';

/** `kept`: another message with this id is there already and has other content. */
export type AppendAnswer =
  | { status: 'appended'; message: MessageRow }
  | { status: 'repeated'; message: MessageRow }
  | { status: 'conflict' }
  | { status: 'no_parent' }
  | { status: 'no_file' }
  | { status: 'no_conversation' };

/** Of `conversations c LEFT JOIN shares s`. */
export const SUMMARY = `c.id, c.title, c.updated_at AS "updatedAt", c.pinned_at IS NOT NULL AS pinned,
  c.folder_id AS "folderId", s.id AS "shareId", s.shared_at AS "sharedAt", s.message_count AS "messageCount"`;
export const SUMMARIES = `conversations.conversations c LEFT JOIN conversations.shares s ON s.conversation_id = c.id`;
const MESSAGE = `id, parent_id AS "parentId", role, content, model, charge_eur AS "chargeEur", ending, reasoning,
  served_by AS "servedBy", citations, created_at AS at,
  coalesce((
    SELECT json_agg(json_build_object('id', f.id, 'name', f.name, 'mediaType', f.media_type, 'sizeBytes', f.size_bytes)
      ORDER BY mf.place)
    FROM conversations.message_files mf JOIN conversations.files f ON f.conversation_id = mf.conversation_id
      AND f.id = mf.file_id
    WHERE mf.conversation_id = messages.conversation_id AND mf.message_id = messages.id
  ), '[]') AS attachments`;
const FOREIGN_KEY_VIOLATION = '23503';

export type ConversationStore = ReturnType<typeof createConversationStore>;

export function createConversationStore(pool: Pool) {
  const find = async (subjectId: string, id: string): Promise<ConversationRow | undefined> => {
    const { rows } = await pool.query<ConversationRow>(
      `SELECT ${SUMMARY} FROM ${SUMMARIES} WHERE c.subject_id = $1 AND c.id = $2 AND c.deleted_at IS NULL`,
      [subjectId, id],
    );
    return rows[0];
  };

  return {
    ping: async (): Promise<void> => {
      await pool.query('SELECT 1');
    },

    find,

    list: async (
      subjectId: string,
      after: Place | null,
      limit: number,
      { pinned, folderId }: ListFilter,
    ): Promise<ConversationRow[]> => {
      const { rows } = await pool.query<ConversationRow>(
        `SELECT ${SUMMARY} FROM ${SUMMARIES}
         WHERE c.subject_id = $1 AND c.deleted_at IS NULL
           AND ($2::timestamptz IS NULL OR (c.updated_at, c.id) < ($2, $3::uuid))
           AND ($5::boolean IS NULL OR (c.pinned_at IS NOT NULL) = $5)
           AND ($6::text IS NULL OR coalesce(c.folder_id::text, 'none') = $6)
         ORDER BY c.updated_at DESC, c.id DESC LIMIT $4`,
        [subjectId, after?.updatedAt ?? null, after?.id ?? null, limit, pinned, folderId],
      );
      return rows;
    },

    /** undefined: there is no such assistant for them. */
    insert: async (
      subjectId: string,
      id: string,
      title: string,
      assistantId: string | null,
    ): Promise<ConversationRow | undefined> => {
      const { rowCount } = await pool.query(
        `INSERT INTO conversations.conversations (subject_id, id, title, assistant_id)
         SELECT $1, $2, $3, $4 WHERE $4::uuid IS NULL
           OR EXISTS (SELECT 1 FROM conversations.assistants a WHERE ${READABLE} AND a.id = $4)`,
        [subjectId, id, title, assistantId],
      );
      return rowCount === 1 ? find(subjectId, id) : undefined;
    },

    messages: async (subjectId: string, id: string): Promise<MessageRow[]> => {
      const { rows } = await pool.query<MessageRow>(
        `SELECT ${MESSAGE} FROM conversations.messages WHERE conversation_id =
           (SELECT id FROM conversations.conversations WHERE subject_id = $1 AND id = $2 AND deleted_at IS NULL)
         ORDER BY position`,
        [subjectId, id],
      );
      return rows;
    },

    /** What is absent in `change` stays. */
    change: async (subjectId: string, id: string, change: ConversationChangeRequest): Promise<ChangeAnswer> => {
      const { title, pinned, folderId } = change;
      const changed = await pool
        .query(
          `UPDATE conversations.conversations c SET
             title = coalesce($3, title),
             pinned_at = CASE WHEN $4::boolean IS NULL THEN pinned_at WHEN $4 THEN coalesce(pinned_at, now()) END,
             folder_id = CASE WHEN $5 THEN $6::uuid ELSE folder_id END
           WHERE subject_id = $1 AND id = $2 AND deleted_at IS NULL AND ($6::uuid IS NULL OR EXISTS (
             SELECT 1 FROM conversations.folders f WHERE f.id = $6 AND f.subject_id = $1))`,
          [subjectId, id, title ?? null, pinned ?? null, folderId !== undefined, folderId ?? null],
        )
        .catch((error: { code?: string }) => {
          // The folder was deleted in the same moment.
          if (error.code === FOREIGN_KEY_VIOLATION) return { rowCount: 0 };
          throw error;
        });
      const row = await find(subjectId, id);
      if (!row) return 'no_conversation';
      return changed.rowCount === 1 ? row : 'no_folder';
    },

    settings: async (subjectId: string, id: string): Promise<SettingsRow | undefined> => {
      const { rows } = await pool.query<SettingsRow>(
        `SELECT instructions, temperature, reasoning_effort AS "reasoningEffort", assistant_id AS "assistantId"
         FROM conversations.conversations
         WHERE subject_id = $1 AND id = $2 AND deleted_at IS NULL`,
        [subjectId, id],
      );
      return rows[0];
    },

    /** @returns whether there is such a conversation of theirs */
    setSettings: async (subjectId: string, id: string, settings: ConversationSettings): Promise<boolean> => {
      const { rowCount } = await pool.query(
        `UPDATE conversations.conversations SET instructions = $3, temperature = $4, reasoning_effort = $5
         WHERE subject_id = $1 AND id = $2 AND deleted_at IS NULL`,
        [subjectId, id, settings.instructions, settings.temperature, settings.reasoningEffort],
      );
      return rowCount === 1;
    },

    append: (subjectId: string, conversationId: string, given: NewMessage): Promise<AppendAnswer> =>
      inTransaction(pool, async (client) => {
        // The conversation's row is the lock: messages get their order here, and it can't vanish meanwhile.
        const own = await client.query(
          `SELECT 1 FROM conversations.conversations
           WHERE subject_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
          [subjectId, conversationId],
        );
        if (own.rowCount === 0) return { status: 'no_conversation' };
        const parentId = given.parentId === undefined ? await newestId(client, conversationId) : given.parentId;
        if (parentId !== null && !(await has(client, conversationId, parentId))) return { status: 'no_parent' };
        if (!(await hasFiles(client, conversationId, given.attachments))) return { status: 'no_file' };
        const appended = await insertMessage(client, conversationId, { ...given, parentId });
        const { rows } = await client.query<MessageRow>(
          `SELECT ${MESSAGE} FROM conversations.messages WHERE conversation_id = $1 AND id = $2`,
          [conversationId, given.id],
        );
        const [found] = rows;
        if (!found) throw new Error('a message that was just kept is not there');
        if (appended) return { status: 'appended', message: found };
        return isSame(found, given) ? { status: 'repeated', message: found } : { status: 'conflict' };
      }),
  };
}

async function newestId(client: Pick<Pool, 'query'>, conversationId: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM conversations.messages WHERE conversation_id = $1 ORDER BY position DESC LIMIT 1',
    [conversationId],
  );
  return rows[0]?.id ?? null;
}

async function has(client: Pick<Pool, 'query'>, conversationId: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM conversations.messages WHERE conversation_id = $1 AND id = $2',
    [conversationId, id],
  );
  return rowCount === 1;
}

/** @returns whether it was not there yet */
async function insertMessage(
  client: Pick<Pool, 'query'>,
  conversationId: string,
  given: NewMessage & { parentId: string | null },
): Promise<boolean> {
  const { id, parentId, role, content, model, chargeEur, ending, reasoning, servedBy, citations, attachments } = given;
  const values = [conversationId, id, parentId, role, content, model, chargeEur, ending, reasoning, servedBy];
  const { rowCount } = await client.query(
    `INSERT INTO conversations.messages
       (conversation_id, id, parent_id, role, content, model, charge_eur, ending, reasoning, served_by, citations)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (conversation_id, id) DO NOTHING`,
    [...values, JSON.stringify(citations)],
  );
  if (rowCount !== 1) return false;
  await client.query(
    `INSERT INTO conversations.message_files (conversation_id, message_id, file_id, place)
     SELECT $1, $2, id, place FROM unnest($3::uuid[]) WITH ORDINALITY AS file (id, place)`,
    [conversationId, id, attachments],
  );
  await client.query('UPDATE conversations.conversations SET updated_at = now() WHERE id = $1', [conversationId]);
  return true;
}

async function hasFiles(client: Pick<Pool, 'query'>, conversationId: string, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const { rows } = await client.query<{ count: string }>(
    'SELECT count(*) FROM conversations.files WHERE conversation_id = $1 AND id = ANY ($2::uuid[])',
    [conversationId, ids],
  );
  return Number(rows[0]?.count) === new Set(ids).size;
}

/** Is a message that is there already the one that was sent? Where it was to stand is not asked if that was left open. */
function isSame(found: MessageRow, { parentId, ...given }: NewMessage): boolean {
  const {
    parentId: foundParentId,
    at: _at,
    ...rest
  } = { ...found, attachments: found.attachments.map(({ id }) => id) };
  return isDeepStrictEqual(rest, given) && (parentId === undefined || parentId === foundParentId);
}
