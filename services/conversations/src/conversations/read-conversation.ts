import type { Conversation } from '@cloudfreedom/contracts';
import { toMessage, toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/** @throws ApiError `not_found` */
export async function readConversation(store: ConversationStore, subjectId: string, id: string): Promise<Conversation> {
  const row = await store.find(subjectId, id);
  const settings = await store.settings(subjectId, id);
  if (!row || !settings) throw noSuchConversation();
  return { ...toSummary(row), ...settings, messages: (await store.messages(subjectId, id)).map(toMessage) };
}
