import type { ConversationListQuery, ConversationSummary } from '@cloudfreedom/contracts';
import { toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';
import { pageOf, readCursor } from './conversation.ts';

/** One page of somebody's conversations, the one that was written to last first. */
export async function listConversations(
  store: ConversationStore,
  subjectId: string,
  query: ConversationListQuery,
): Promise<{ items: ConversationSummary[]; nextCursor: string | null }> {
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const filter = {
    pinned: query.pinned === undefined ? null : query.pinned === 'true',
    folderId: query.folderId ?? null,
  };
  const { shown, nextCursor } = pageOf(await store.list(subjectId, after, query.limit + 1, filter), query.limit);
  return { items: shown.map(toSummary), nextCursor };
}
