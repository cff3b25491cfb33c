/** Sharing inside the tenant: a link that reads, shows what was there when it was made, and can be revoked. */
import { randomUUID } from 'node:crypto';
import type { ConversationSummary, SharedConversation } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { toSummary } from '../conversations/answer-form.ts';
import type { ConversationStore } from '../conversations/conversation.store.ts';
import { noSuchConversation } from '../conversations/conversation.ts';
import type { ShareStore } from './share.store.ts';

export type Shares = ReturnType<typeof createShares>;

/** In each: `subject` is the subject id of who asks; throws ApiError `not_found`. */
export function createShares(store: ShareStore, conversations: Pick<ConversationStore, 'find'>) {
  const summaryOf = async (subject: string, conversationId: string): Promise<ConversationSummary> => {
    const row = await conversations.find(subject, conversationId);
    if (!row) throw noSuchConversation();
    return toSummary(row);
  };
  return {
    share: async (subject: string, conversationId: string): Promise<ConversationSummary> => {
      if (!(await store.share(subject, conversationId, randomUUID()))) throw noSuchConversation();
      return summaryOf(subject, conversationId);
    },
    /** Revoking what is not shared changes nothing. */
    revoke: async (subject: string, conversationId: string): Promise<ConversationSummary> => {
      await store.revoke(subject, conversationId);
      return summaryOf(subject, conversationId);
    },
    /** Revoked, deleted or never there: the same answer. */
    read: async (subject: string, id: string): Promise<SharedConversation> => {
      const row = await store.read(subject, id);
      if (!row) throw commonError('not_found', { message: 'There is no such shared conversation, or no longer.' });
      const messages = await store.messages(row);
      return {
        id: row.id,
        title: row.title,
        sharedAt: row.sharedAt.toISOString(),
        own: row.own,
        messages: messages.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
      };
    },
  };
}
