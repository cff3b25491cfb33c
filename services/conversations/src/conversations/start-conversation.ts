import { randomUUID } from 'node:crypto';
import type { ConversationSummary } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';

/** @throws ApiError `invalid_request` where the assistant is neither theirs nor shared */
export async function startConversation(
  store: ConversationStore,
  subjectId: string,
  title: string,
  assistantId: string | null,
): Promise<ConversationSummary> {
  const row = await store.insert(subjectId, randomUUID(), title, assistantId);
  if (!row)
    throw commonError('invalid_request', {
      message: 'assistantId: there is no such assistant, or no longer.',
      param: 'assistantId',
    });
  return toSummary(row);
}
