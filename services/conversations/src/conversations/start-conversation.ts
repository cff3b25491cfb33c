import { randomUUID } from 'node:crypto';
import type { ConversationSummary } from '@cloudfreedom/contracts';
import { toSummary } from './answer-form.ts';
import type { ConversationStore } from './conversation.store.ts';

export async function startConversation(
  store: ConversationStore,
  subjectId: string,
  title: string,
): Promise<ConversationSummary> {
  const row = await store.insert(subjectId, randomUUID(), title);
  if (!row) throw new Error('the insert gave no row back');
  return toSummary(row);
}
