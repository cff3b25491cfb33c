/** What an assistant adds to a request: its instructions before one's own, its temperature unless one's own is set. */
import type { Assistant, ConversationSettings } from '@cloudfreedom/contracts';

export function withAssistant(
  settings: ConversationSettings,
  assistant: Pick<Assistant, 'instructions' | 'temperature'> | null,
): ConversationSettings {
  if (assistant === null) return settings;
  return {
    ...settings,
    instructions: [assistant.instructions, settings.instructions].filter((text) => text.trim() !== '').join('\n\n'),
    temperature: settings.temperature ?? assistant.temperature,
  };
}
