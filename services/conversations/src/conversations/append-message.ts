import type { Message } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { toMessage } from './answer-form.ts';
import type { ConversationStore, NewMessage } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/**
 * Sent twice with the same id, a message is kept once and answered twice.
 * @throws ApiError `not_found`; `conflict` when the id stands for another message in this conversation
 */
export async function appendMessage(
  store: ConversationStore,
  subjectId: string,
  conversationId: string,
  given: NewMessage,
): Promise<{ appended: boolean; message: Message }> {
  // Half of a surrogate pair can't be kept; unmended, the repetition of such a message would look like another one.
  const message = { ...given, content: given.content.toWellFormed(), model: given.model?.toWellFormed() ?? null };
  const answer = await store.append(subjectId, conversationId, message);
  if (answer.status === 'no_conversation') throw noSuchConversation();
  if (answer.status === 'conflict')
    throw commonError('conflict', {
      message: 'id: another message of this conversation has this id. Choose a new one.',
      param: 'id',
    });
  return { appended: answer.status === 'appended', message: toMessage(answer.message) };
}
