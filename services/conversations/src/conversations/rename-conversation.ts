import type { ConversationSummary } from '@cloudfreedom/contracts';
import { toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/**
 * Its place in the list stays: only messages move it up.
 * @throws ApiError `not_found`
 */
export async function renameConversation(
  store: ConversationStore,
  subjectId: string,
  id: string,
  title: string,
): Promise<ConversationSummary> {
  const row = await store.rename(subjectId, id, title);
  if (!row) throw noSuchConversation();
  return toSummary(row);
}
