/** What a model is sent: the path of messages that leads to its answer. */
import type { ConversationSettings, KeptFile, ListedModel, Message } from '@cloudfreedom/contracts';
import type { AnswerRequest, ContentPart } from './stream-answer.ts';

const GO_ON =
  'Your last message was cut off. Go on exactly where it ends, in the middle of a word if need be. ' +
  'Repeat nothing of it and add no remark.';

/** The content of a kept file, as a data address (pictures, PDFs) or as text. */
export type LoadFile = (file: KeptFile) => Promise<string>;

/** A path that ends with an answer asks to go on with it. `assistantFiles` stand before the first question. */
export async function requestOf(
  model: Pick<ListedModel, 'id' | 'reasoning'>,
  path: readonly Message[],
  settings: ConversationSettings,
  load: LoadFile,
  assistantFiles: readonly { file: KeptFile; data: string }[] = [],
): Promise<AnswerRequest> {
  const messages: AnswerRequest['messages'] = [];
  if (settings.instructions.trim() !== '') messages.push({ role: 'system', content: settings.instructions });
  for (const message of path) {
    const before = messages.at(-1);
    if (message.role === 'assistant' && before?.role === 'assistant' && typeof before.content === 'string')
      before.content += message.content;
    else messages.push({ role: message.role, content: await contentOf(message, load) });
  }
  if (path.at(-1)?.role === 'assistant') messages.push({ role: 'user', content: GO_ON });
  const first = messages.find(({ role }) => role === 'user');
  if (first && assistantFiles.length > 0) {
    const own: ContentPart[] =
      typeof first.content === 'string' ? [{ type: 'text', text: first.content }] : first.content;
    first.content = [...assistantFiles.map(({ file, data }) => partOf(file, data)), ...own];
  }
  const { temperature, reasoningEffort } = settings;
  return {
    model: model.id,
    messages,
    ...(temperature !== null && { temperature }),
    ...(reasoningEffort !== null && model.reasoning !== 'none' && { reasoning_effort: reasoningEffort }),
  };
}

async function contentOf({ content, attachments }: Message, load: LoadFile): Promise<string | ContentPart[]> {
  if (attachments.length === 0) return content;
  const parts = await Promise.all(attachments.map(async (file) => partOf(file, await load(file))));
  return content === '' ? parts : [...parts, { type: 'text', text: content }];
}

function partOf(file: KeptFile, data: string): ContentPart {
  if (file.mediaType.startsWith('image/')) return { type: 'image_url', image_url: { url: data } };
  if (file.mediaType === 'application/pdf') return { type: 'file', file: { filename: file.name, file_data: data } };
  return { type: 'text', text: `File ${JSON.stringify(file.name)}:\n\n${data}` };
}
