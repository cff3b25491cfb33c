import type { ChatRequest } from '../../providers/chat-request.ts';
import { addText, emptySize, type InputSize } from '../input-size.ts';

/** Everything that a provider may read as text: all strings and keys but the data of images, audio and files. */
export function measureInput(request: ChatRequest): InputSize {
  const size = emptySize();
  const { messages, ...rest } = request;
  size.messages = messages.length;
  size.tools = request.tools?.length ?? 0;
  const texts: unknown[] = [rest];
  for (const { content, ...message } of messages) {
    texts.push(message);
    // Only a content part can be an image or a file: an object that looks like one elsewhere is read as text.
    if (Array.isArray(content)) for (const part of content) texts.push(measureMedia(part, size));
    else texts.push(content);
  }
  addText(size, texts);
  return size;
}

/** Count the data of a content part that is no text. @returns what else is in the part */
function measureMedia(part: Record<string, unknown>, size: InputSize): unknown {
  if (part.type === 'image_url') {
    const url = (part.image_url as { url?: unknown } | null)?.url;
    if (typeof url === 'string' && /^(data:image\/|https?:)/i.test(url)) size.images += 1;
    else size.unbounded = true;
    return withoutData(part, 'image_url', 'url');
  }
  if (part.type === 'input_audio') return measureFile(part, 'input_audio', 'data', size);
  if (part.type === 'file') return measureFile(part, 'file', 'file_data', size);
  return part;
}

function measureFile(part: Record<string, unknown>, container: string, key: string, size: InputSize): unknown {
  const data = (part[container] as Record<string, unknown> | null)?.[key];
  size.unbounded = true;
  if (typeof data === 'string') size.fileBytes += data.length;
  return withoutData(part, container, key);
}

function withoutData(part: Record<string, unknown>, container: string, key: string): unknown {
  return { ...part, [container]: { ...(part[container] as object), [key]: null } };
}
