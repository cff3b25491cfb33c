import type { ChatRequest, ContentPart } from '../../providers/chat-request.ts';
import { parseDataUrl } from '../../providers/data-url.ts';
import { isObject, objectsIn, textIn } from '../../providers/json.ts';
import { addText, emptySize, type InputSize } from '../input-size.ts';
import { addAudio, addFile, addImage } from '../media.ts';

/** Everything that a provider may read as text: all strings and keys but the data of images, audio and files. */
export function measureInput(request: ChatRequest): InputSize {
  const size = emptySize();
  const { messages, ...rest } = request;
  size.messages = messages.length;
  size.tools = request.tools?.length ?? 0;
  const texts: unknown[] = [rest];
  for (const { content, ...message } of messages) {
    texts.push(measureReferences(message, size));
    // Only a content part can be an image or a file: an object that looks like one elsewhere is read as text.
    if (Array.isArray(content)) for (const part of content) texts.push(measureMedia(part, size));
    else texts.push(content);
  }
  addText(size, texts);
  return size;
}

/** What a message holds beside its content: images of an earlier answer, and audio that the provider keeps by its id. */
function measureReferences(message: Record<string, unknown>, size: InputSize): unknown {
  if (isObject(message.audio)) size.unbounded = true;
  if (!Array.isArray(message.images)) return message;
  const { images, ...rest } = message;
  for (const image of objectsIn(images))
    addImage(size, isObject(image.image_url) ? textIn(image.image_url.url) : '', false);
  return rest;
}

/** Count the data of a content part that is no text. @returns what else is in the part */
function measureMedia(part: ContentPart, size: InputSize): unknown {
  switch (part.type) {
    case 'image_url':
      addImage(size, part.image_url.url, part.image_url.detail === 'low');
      return withoutData(part, 'image_url', 'url');
    case 'input_audio':
      addAudio(size, part.input_audio.data);
      return withoutData(part, 'input_audio', 'data');
    case 'file':
      measureFile(part.file.file_data, size);
      if (part.file.file_id !== undefined) size.unbounded = true;
      return withoutData(part, 'file', 'file_data');
    default:
      return part;
  }
}

function measureFile(data: string | undefined, size: InputSize): void {
  const inline = parseDataUrl(data ?? '');
  if (inline) addFile(size, inline.mediaType, inline.base64);
  else {
    size.unbounded = true;
    size.fileBytes += data?.length ?? 0;
  }
}

function withoutData(part: Record<string, unknown>, container: string, key: string): unknown {
  return { ...part, [container]: { ...(part[container] as object), [key]: null } };
}

/** What the messages say: each text stands between control tokens, so it is counted by itself. */
export function textsOf({ messages }: ChatRequest): string[] {
  return messages.flatMap(({ content }) => {
    if (typeof content === 'string') return [content];
    return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  });
}
