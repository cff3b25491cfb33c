import type { ConversationChangeRequest, ConversationSummary } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';
import { noSuchConversation } from './conversation.ts';

/**
 * Another title, pinned or not, in a folder or in none. Its place in the list stays: only messages move it up.
 * @throws ApiError `not_found`; `invalid_request` naming `folderId` where that folder is not theirs
 */
export async function changeConversation(
  store: ConversationStore,
  subjectId: string,
  id: string,
  change: ConversationChangeRequest,
): Promise<ConversationSummary> {
  const answer = await store.change(subjectId, id, change);
  if (answer === 'no_conversation') throw noSuchConversation();
  if (answer === 'no_folder')
    throw commonError('invalid_request', { message: 'folderId: there is no such folder.', param: 'folderId' });
  return toSummary(answer);
}
