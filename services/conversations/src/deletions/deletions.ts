/** What is deleted is gone for everybody at once; its owner alone can bring it back, for a minute. */
import type { ConversationSummary } from '@cloudfreedom/contracts';
import { toSummary } from '../conversations/answer-form.ts';
import type { ConversationStore } from '../conversations/conversation.store.ts';
import { noSuchConversation } from '../conversations/conversation.ts';
import type { DeletionStore } from './deletion.store.ts';

export type Deletions = ReturnType<typeof createDeletions>;

/** In each: `subject` is the subject id of who asks; throws ApiError `not_found`. */
export function createDeletions(store: DeletionStore, conversations: Pick<ConversationStore, 'find'>) {
  return {
    delete: async (subject: string, id: string): Promise<void> => {
      if (!(await store.remove(subject, id))) throw noSuchConversation();
    },
    restore: async (subject: string, id: string): Promise<ConversationSummary> => {
      const row = (await store.restore(subject, id)) && (await conversations.find(subject, id));
      if (!row) throw noSuchConversation();
      return toSummary(row);
    },
  };
}
