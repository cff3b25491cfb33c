/** A conversation in OpenAI's form as Gemini's contents. */
import type { ChatMessage, ContentPart } from '../chat-request.ts';
import { isBase64, parseDataUrl } from '../data-url.ts';
import { isObject, objectsIn, parseJson, textIn } from '../json.ts';
import { checkFields, textOfContent, UnsupportedField } from '../request-fields.ts';
import { functionCalls } from '../tool-use.ts';
import { versionOf } from './thinking.ts';
import type { Content, Part } from './wire.ts';

export const PROVIDER = 'Gemini';
type Assistant = Extract<ChatMessage, { role: 'assistant' }>;
const AUDIO_TYPES: Record<string, string> = { wav: 'audio/wav', mp3: 'audio/mp3' };

/**
 * Gemini 3 refuses a function call of the running turn without its signature. This is Google's own word for calls whose
 * signature is lost: a client that doesn't send `extra_content` back, or a call that another model made.
 */
const SIGNATURE_LOST = 'skip_thought_signature_validator';

function inlinePart(url: string, path: string, wanted: string): Part {
  const inline = parseDataUrl(url);
  if (!inline) throw new UnsupportedField(path, `${PROVIDER} takes ${wanted} as a base64 data URL only.`);
  return { inlineData: { mimeType: inline.mediaType, data: inline.base64 } };
}

function userPart(part: ContentPart, path: string): Part {
  switch (part.type) {
    case 'text':
      checkFields(part, ['type', 'text'], path, PROVIDER);
      return { text: part.text };
    case 'image_url':
      checkFields(part, ['type', 'image_url'], path, PROVIDER);
      checkFields(part.image_url, ['url', 'detail'], `${path}.image_url`, PROVIDER);
      if (part.image_url.detail === 'low') {
        throw new UnsupportedField(`${path}.image_url.detail`, `${PROVIDER} has no low detail here; leave it out.`);
      }
      return inlinePart(part.image_url.url, `${path}.image_url.url`, 'an image');
    case 'file':
      checkFields(part, ['type', 'file'], path, PROVIDER);
      // Gemini gives an inline file no name.
      checkFields(part.file, ['file_data', 'filename'], `${path}.file`, PROVIDER);
      return inlinePart(part.file.file_data ?? '', `${path}.file.file_data`, 'a file');
    case 'input_audio': {
      checkFields(part, ['type', 'input_audio'], path, PROVIDER);
      const { format, data } = part.input_audio;
      const mimeType = Object.hasOwn(AUDIO_TYPES, format) ? AUDIO_TYPES[format] : undefined;
      if (!mimeType)
        throw new UnsupportedField(`${path}.input_audio.format`, `Use one of ${Object.keys(AUDIO_TYPES).join(', ')}.`);
      if (!isBase64(data)) throw new UnsupportedField(`${path}.input_audio.data`, 'Audio has to be base64.');
      return { inlineData: { mimeType, data } };
    }
    default:
      return { text: part.refusal };
  }
}

/** Google's own place for it in OpenAI's format, on a tool call or on the message. */
function signatureOf(holder: Record<string, unknown>): { thoughtSignature?: string } {
  const google = isObject(holder.extra_content) ? holder.extra_content.google : undefined;
  const signature = isObject(google) ? textIn(google.thought_signature) : '';
  return signature ? { thoughtSignature: signature } : {};
}

function callParts(message: Assistant, path: string, model: string): Part[] {
  const needsSignature = versionOf(model) >= 3;
  return functionCalls(message.tool_calls, `${path}.tool_calls`, PROVIDER).map((call, index): Part => {
    const text = call.function.arguments;
    const args = text.trim() === '' ? {} : parseJson(text);
    if (!isObject(args)) {
      throw new UnsupportedField(
        `${path}.tool_calls[${index}].function.arguments`,
        'Arguments have to be a JSON object.',
      );
    }
    // Only the first of parallel calls carries a signature.
    const fallback = needsSignature && index === 0 ? { thoughtSignature: SIGNATURE_LOST } : {};
    return { functionCall: { id: call.id, name: call.function.name, args }, ...fallback, ...signatureOf(call) };
  });
}

/** Citations and reasoning are notes about an answer that no request takes; thinking blocks are another provider's. */
const ASSISTANT_FIELDS = [
  'role',
  'annotations',
  'content',
  'refusal',
  'tool_calls',
  'images',
  'extra_content',
  'reasoning_content',
  'thinking_blocks',
];

function modelParts(message: Assistant, path: string, model: string): Part[] {
  checkFields(message, ASSISTANT_FIELDS, path, PROVIDER);
  const content = message.content ?? '';
  const texts =
    typeof content === 'string'
      ? [{ text: content }]
      : content.map((part, index) => userPart(part, `${path}.content[${index}]`));
  const images = objectsIn(message.images).map((image, index) => {
    const url = isObject(image.image_url) ? textIn(image.image_url.url) : '';
    return inlinePart(url, `${path}.images[${index}].image_url.url`, 'an image');
  });
  const spoken = [...texts, { text: textIn(message.refusal) }].filter((part) => part.text !== '');
  const last = spoken.at(-1);
  if (last) Object.assign(last, signatureOf(message));
  return [...spoken, ...images, ...callParts(message, path, model)];
}

function toolResponse(text: string): Record<string, unknown> {
  const parsed = parseJson(text);
  return isObject(parsed) ? parsed : { result: text };
}

/**
 * System and developer messages are gathered before the conversation, in their order: Gemini knows no other place.
 * Neighbouring turns of one role become one, as the results of parallel calls have to be.
 */
export function readConversation(
  messages: readonly ChatMessage[],
  model: string,
): { system: Part[]; contents: Content[] } {
  const system: Part[] = [];
  const contents: Content[] = [];
  const calledFunctions = new Map<string, string>();

  function add(role: Content['role'], parts: Part[]): void {
    const last = contents.at(-1);
    if (parts.length === 0) return;
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }

  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    if (message.role === 'system' || message.role === 'developer') {
      checkFields(message, ['role', 'content'], path, PROVIDER);
      system.push({ text: textOfContent(message.content) });
    } else if (message.role === 'assistant') {
      add('model', modelParts(message, path, model));
      for (const call of functionCalls(message.tool_calls, `${path}.tool_calls`, PROVIDER))
        calledFunctions.set(call.id, call.function.name);
    } else if (message.role === 'tool') {
      checkFields(message, ['role', 'tool_call_id', 'name', 'content'], path, PROVIDER);
      const name = calledFunctions.get(message.tool_call_id);
      if (name === undefined) throw new UnsupportedField(`${path}.tool_call_id`, 'No tool call before it has this id.');
      const response = toolResponse(textOfContent(message.content));
      add('user', [{ functionResponse: { id: message.tool_call_id, name, response } }]);
    } else {
      checkFields(message, ['role', 'content'], path, PROVIDER);
      const { content } = message;
      const parts =
        typeof content === 'string'
          ? [{ text: content }]
          : content.map((part, at) => userPart(part, `${path}.content[${at}]`));
      add('user', parts);
    }
  }
  if (contents.length === 0) throw new UnsupportedField('messages', `${PROVIDER} needs a message of the user.`);
  return { system, contents };
}
