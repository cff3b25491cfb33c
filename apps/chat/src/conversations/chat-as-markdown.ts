/** A chat as text that people read. */
import type { Conversation } from '@cloudfreedom/contracts';

export function chatAsMarkdown({ title, messages }: Pick<Conversation, 'title' | 'messages'>, you: string): string {
  const parts = messages.map(
    ({ role, model, at, content }) => `## ${role === 'user' ? you : (model ?? role)} (${at})\n\n${content}`,
  );
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`;
}

/** A title as the name of a file, on every system. */
export function fileNameOf(title: string, ending: 'md' | 'json'): string {
  const name = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
    .trim()
    .replace(/\s+/g, '-')
    .slice(0, 80);
  return `${name || 'chat'}.${ending}`;
}
