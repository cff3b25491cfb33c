import type { ConversationSummary } from '@cloudfreedom/contracts';
import { toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';
import { readCursor, writeCursor } from './conversation.ts';

/** One page of somebody's conversations, the one that was written to last first. */
export async function listConversations(
  store: ConversationStore,
  subjectId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: ConversationSummary[]; nextCursor: string | null }> {
  const after = page.cursor === undefined ? null : readCursor(page.cursor);
  // One more than asked for tells whether there is a next page.
  const rows = await store.list(subjectId, after, page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { items: shown.map(toSummary), nextCursor: rows.length > page.limit && last ? writeCursor(last) : null };
}
