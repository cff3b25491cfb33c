import type { ConversationSearchQuery, FoundConversation } from '@cloudfreedom/contracts';
import { toSummary } from '../conversations/answer-form.ts';
import { pageOf, readCursor } from '../conversations/conversation.ts';
import { excerptOf, wordsOf } from './excerpt.ts';
import type { SearchStore } from './search.store.ts';

export type Search = (
  subjectId: string,
  query: ConversationSearchQuery,
) => Promise<{ items: FoundConversation[]; nextCursor: string | null }>;

/** Search in somebody's own conversations, in pages like the list. */
export function createSearch(store: SearchStore): Search {
  return async (subjectId, { q, cursor, limit }) => {
    const words = wordsOf(q);
    const rows = await store.search(subjectId, words, cursor === undefined ? null : readCursor(cursor), limit + 1);
    const { shown, nextCursor } = pageOf(rows, limit);
    return { items: shown.map((row) => ({ ...toSummary(row), excerpt: excerptOf(row, words) })), nextCursor };
  };
}
