/** Everything that can be done with conversations; what the routes get to see. */
import type { ConversationChangeRequest, ConversationListQuery, ConversationSettings } from '@cloudfreedom/contracts';
import { appendMessage } from './append-message.ts';
import { changeConversation } from './change-conversation.ts';
import type { ConversationStore, NewMessage } from './conversation.store.ts';
import { eachConversation } from './export-conversations.ts';
import { listConversations } from './list-conversations.ts';
import { readConversation } from './read-conversation.ts';
import { setConversationSettings } from './set-conversation-settings.ts';
import { startConversation } from './start-conversation.ts';

export type Conversations = ReturnType<typeof createConversations>;

/** In each: `subject` is the subject id of who asks. */
export function createConversations(store: ConversationStore) {
  return {
    list: (subject: string, query: ConversationListQuery) => listConversations(store, subject, query),
    start: (subject: string, title: string, assistantId: string | null) =>
      startConversation(store, subject, title, assistantId),
    each: (subject: string) => eachConversation(store, subject),
    read: (subject: string, id: string) => readConversation(store, subject, id),
    change: (subject: string, id: string, change: ConversationChangeRequest) =>
      changeConversation(store, subject, id, change),
    setSettings: (subject: string, id: string, settings: ConversationSettings) =>
      setConversationSettings(store, subject, id, settings),
    append: (subject: string, id: string, message: NewMessage) => appendMessage(store, subject, id, message),
  };
}
