import type { ConversationStore } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/**
 * With all its messages, for good.
 * @throws ApiError `not_found`
 */
export async function deleteConversation(store: ConversationStore, subjectId: string, id: string): Promise<void> {
  if (!(await store.remove(subjectId, id))) throw noSuchConversation();
}
