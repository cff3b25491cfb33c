/** A chat as text that people read: the way that was written last, without the branches beside it. */
import type { Conversation } from '@cloudfreedom/contracts';
import { pathOf } from '../thread/message-tree.ts';

export function chatAsMarkdown({ title, messages }: Pick<Conversation, 'title' | 'messages'>, you: string): string {
  const parts = pathOf(messages).map(({ message: { role, model, at, content, attachments } }) => {
    const files = attachments.map(({ name }) => `- ${name}\n`).join('');
    return `## ${role === 'user' ? you : (model ?? role)} (${at})\n\n${files === '' ? '' : `${files}\n`}${content}`;
  });
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
