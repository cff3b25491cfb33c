import type { Message } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { toMessage } from './answer-form.ts';
import type { ConversationStore, NewMessage } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/**
 * Sent twice with the same id, a message is kept once and answered twice.
 * @throws ApiError `not_found`; `invalid_request` where its parent or a file is not there; `conflict` when the id stands for another message in this conversation
 */
export async function appendMessage(
  store: ConversationStore,
  subjectId: string,
  conversationId: string,
  given: NewMessage,
): Promise<{ appended: boolean; message: Message }> {
  // Half of a surrogate pair can't be kept; unmended, the repetition of such a message would look like another one.
  const message = {
    ...given,
    content: given.content.toWellFormed(),
    model: given.model?.toWellFormed() ?? null,
    reasoning: given.reasoning?.toWellFormed() ?? null,
    servedBy: given.servedBy?.toWellFormed() ?? null,
    citations: given.citations.map(({ url, title }) => ({ url: url.toWellFormed(), title: title.toWellFormed() })),
  };
  const answer = await store.append(subjectId, conversationId, message);
  if (answer.status === 'no_conversation') throw noSuchConversation();
  if (answer.status === 'no_parent')
    throw commonError('invalid_request', {
      message: 'parentId: no message of this conversation has this id.',
      param: 'parentId',
    });
  if (answer.status === 'no_file')
    throw commonError('invalid_request', {
      message: 'attachments: not all of these files are kept in this conversation. Send them first.',
      param: 'attachments',
    });
  if (answer.status === 'conflict')
    throw commonError('conflict', {
      message: 'id: another message of this conversation has this id. Choose a new one.',
      param: 'id',
    });
  return { appended: answer.status === 'appended', message: toMessage(answer.message) };
}
