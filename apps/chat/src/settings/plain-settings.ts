import type { ConversationSettings } from '@cloudfreedom/contracts';

/** Everything as the model does it by itself. */
export const PLAIN_SETTINGS: ConversationSettings = { instructions: '', temperature: null, reasoningEffort: null };

export function isPlain(settings: ConversationSettings): boolean {
  const { instructions, temperature, reasoningEffort } = settings;
  return instructions.trim() === '' && temperature === null && reasoningEffort === null;
}
