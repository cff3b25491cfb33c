/** Everything that can be done with conversations; what the routes get to see. */
import { appendMessage } from './append-message.ts';
import type { ConversationStore, NewMessage } from './conversation.store.ts';
import { deleteConversation } from './delete-conversation.ts';
import { eachConversation } from './export-conversations.ts';
import { listConversations } from './list-conversations.ts';
import { readConversation } from './read-conversation.ts';
import { renameConversation } from './rename-conversation.ts';
import { startConversation } from './start-conversation.ts';

export type Conversations = ReturnType<typeof createConversations>;

/** In each: `subject` is the subject id of who asks. */
export function createConversations(store: ConversationStore) {
  return {
    list: (subject: string, page: { cursor?: string | undefined; limit: number }) =>
      listConversations(store, subject, page),
    start: (subject: string, title: string) => startConversation(store, subject, title),
    each: (subject: string) => eachConversation(store, subject),
    read: (subject: string, id: string) => readConversation(store, subject, id),
    rename: (subject: string, id: string, title: string) => renameConversation(store, subject, id, title),
    delete: (subject: string, id: string) => deleteConversation(store, subject, id),
    append: (subject: string, id: string, message: NewMessage) => appendMessage(store, subject, id, message),
  };
}
