/** Rows as the API shows them. */
import type { ConversationSummary, Message } from '@cloudfreedom/contracts';
import type { ConversationRow, MessageRow } from './conversation.store.ts';

export function toSummary(row: ConversationRow): ConversationSummary {
  const { id, title, updatedAt, pinned, folderId, shareId, sharedAt, messageCount } = row;
  const share =
    shareId === null || sharedAt === null || messageCount === null
      ? null
      : { id: shareId, sharedAt: sharedAt.toISOString(), messageCount };
  return { id, title, updatedAt: updatedAt.toISOString(), pinned, folderId, share };
}

export function toMessage({ at, ...rest }: MessageRow): Message {
  return { ...rest, at: at.toISOString() };
}
