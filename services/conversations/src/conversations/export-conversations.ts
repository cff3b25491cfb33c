import type { Conversation } from '@cloudfreedom/contracts';
import { toMessage, toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';
import type { Place } from './conversation.ts';

const PAGE_ROWS = 50;
const ALL = { pinned: null, folderId: null };

/** All of somebody's conversations with their messages, the one that was written to last first; one is held at a time. */
export async function* eachConversation(store: ConversationStore, subjectId: string): AsyncGenerator<Conversation> {
  let after: Place | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<ConversationStore['list']>> = await store.list(subjectId, after, PAGE_ROWS, ALL);
    for (const row of rows) {
      const settings = await store.settings(subjectId, row.id);
      // Gone since the page was read.
      if (!settings) continue;
      yield { ...toSummary(row), ...settings, messages: (await store.messages(subjectId, row.id)).map(toMessage) };
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = last;
  }
}
