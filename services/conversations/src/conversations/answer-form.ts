/** Rows as the API shows them. */
import type { ConversationSummary, Message } from '@cloudfreedom/contracts';
import type { ConversationRow, MessageRow } from './conversation.store.ts';

export function toSummary(row: ConversationRow): ConversationSummary {
  return { id: row.id, title: row.title, updatedAt: row.updatedAt.toISOString() };
}

export function toMessage({ at, ...rest }: MessageRow): Message {
  return { ...rest, at: at.toISOString() };
}
