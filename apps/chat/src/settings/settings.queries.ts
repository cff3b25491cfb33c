import type { Conversation, ConversationSettings } from '@cloudfreedom/contracts';
import { type ConversationsAccess, conversationKey } from '../conversations/conversations.queries.ts';
import { isTemporary } from '../conversations/temporary.ts';
import { isPlain } from './plain-settings.ts';

/** Shown at once; taken back where they could not be kept. */
export async function saveSettings(
  access: ConversationsAccess,
  conversationId: string,
  settings: ConversationSettings,
): Promise<void> {
  const key = conversationKey(conversationId);
  const before = access.queries.getQueryData<Conversation>(key);
  if (before && isPlain(before) && isPlain(settings)) return;
  const show = (shown: ConversationSettings) =>
    access.queries.setQueryData<Conversation>(key, (known) => known && { ...known, ...shown });
  show(settings);
  if (isTemporary(conversationId)) return;
  try {
    const url = `${access.conversationsUrl}/v1/conversations/${conversationId}/settings`;
    await access.services.send(url, { method: 'PUT', body: settings });
  } catch (error) {
    if (before) {
      const { instructions, temperature, reasoningEffort } = before;
      show({ instructions, temperature, reasoningEffort });
    }
    throw error;
  }
}
