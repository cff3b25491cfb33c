import type { ConversationSettings } from '@cloudfreedom/contracts';
import type { ConversationStore } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/** @throws ApiError `not_found` */
export async function setConversationSettings(
  store: ConversationStore,
  subjectId: string,
  id: string,
  given: ConversationSettings,
): Promise<ConversationSettings> {
  const settings = { ...given, instructions: given.instructions.toWellFormed() };
  if (!(await store.setSettings(subjectId, id, settings))) throw noSuchConversation();
  return settings;
}
