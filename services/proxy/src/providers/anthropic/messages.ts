/** A conversation in OpenAI's form as Anthropic's turns. */
import type { ChatMessage, ContentPart } from '../chat-request.ts';
import { parseDataUrl } from '../data-url.ts';
import { isObject, objectsIn, parseJson, textIn } from '../json.ts';
import { checkFields, textOfContent, UnsupportedField } from '../request-fields.ts';
import { functionCalls } from '../tool-use.ts';
import type { Block, CacheControl, ImageSource, TextBlock, Turn } from './wire.ts';

export const PROVIDER = 'Anthropic';
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
type Assistant = Extract<ChatMessage, { role: 'assistant' }>;

/** A cache marker of five minutes or an hour. */
export function cacheControlOf(value: unknown, path: string): { cache_control?: CacheControl } {
  if (value === undefined || value === null) return {};
  if (isObject(value) && value.type === 'ephemeral') {
    if (value.ttl === undefined || value.ttl === '5m') return { cache_control: { type: 'ephemeral' } };
    if (value.ttl === '1h') return { cache_control: { type: 'ephemeral', ttl: '1h' } };
  }
  throw new UnsupportedField(`${path}.cache_control`, "Use {type: 'ephemeral'} with a ttl of 5m or 1h.");
}

function textBlock(part: ContentPart, path: string): TextBlock[] {
  if (part.type === 'refusal') return part.refusal ? [{ type: 'text', text: part.refusal }] : [];
  if (part.type !== 'text') throw new UnsupportedField(`${path}.type`, `${PROVIDER} takes only text here.`);
  checkFields(part, ['type', 'text', 'cache_control'], path, PROVIDER);
  // An empty block would be refused, and it says nothing.
  return part.text ? [{ type: 'text', text: part.text, ...cacheControlOf(part.cache_control, path) }] : [];
}

function textBlocks(content: string | readonly ContentPart[], path: string): TextBlock[] {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  return parts.flatMap((part, index) => textBlock(part, `${path}[${index}]`));
}

function imageSource(url: string, path: string): ImageSource {
  if (/^https:\/\//i.test(url)) return { type: 'url', url };
  const inline = parseDataUrl(url);
  const mediaType = IMAGE_TYPES.find((type) => type === inline?.mediaType);
  if (!inline || !mediaType) {
    throw new UnsupportedField(
      path,
      `${PROVIDER} takes an https address or a base64 data URL of ${IMAGE_TYPES.join(', ')}.`,
    );
  }
  return { type: 'base64', media_type: mediaType, data: inline.base64 };
}

function userBlock(part: ContentPart, path: string): Block[] {
  switch (part.type) {
    case 'image_url': {
      checkFields(part, ['type', 'image_url', 'cache_control'], path, PROVIDER);
      // Anthropic always looks at the whole picture, so `auto` and `high` are what happens anyway.
      checkFields(part.image_url, ['url', 'detail'], `${path}.image_url`, PROVIDER);
      if (part.image_url.detail === 'low') {
        throw new UnsupportedField(`${path}.image_url.detail`, `${PROVIDER} has no low detail; leave it out.`);
      }
      const source = imageSource(part.image_url.url, `${path}.image_url.url`);
      return [{ type: 'image', source, ...cacheControlOf(part.cache_control, path) }];
    }
    case 'file': {
      checkFields(part, ['type', 'file', 'cache_control'], path, PROVIDER);
      checkFields(part.file, ['file_data', 'filename'], `${path}.file`, PROVIDER);
      const inline = parseDataUrl(part.file.file_data ?? '');
      if (inline?.mediaType !== 'application/pdf') {
        throw new UnsupportedField(`${path}.file.file_data`, `${PROVIDER} takes a base64 data URL of application/pdf.`);
      }
      const title = part.file.filename ? { title: part.file.filename } : {};
      const source = { type: 'base64', media_type: 'application/pdf', data: inline.base64 } as const;
      return [{ type: 'document', source, ...title, ...cacheControlOf(part.cache_control, path) }];
    }
    case 'input_audio':
      throw new UnsupportedField(`${path}.type`, `${PROVIDER} takes no audio.`);
    default:
      return textBlock(part, path);
  }
}

/** Anthropic allows fewer characters in an id than others make. */
const idOf = (id: string) => id.replace(/[^a-zA-Z0-9_-]/g, '_');

function toolInput(text: string, path: string): Record<string, unknown> {
  const input = text.trim() === '' ? {} : parseJson(text);
  if (!isObject(input)) throw new UnsupportedField(path, 'Arguments have to be a JSON object.');
  return input;
}

function thinkingBlocks(value: unknown, path: string): Block[] {
  return objectsIn(value).flatMap((block, index): Block[] => {
    if (block.type === 'redacted_thinking' && textIn(block.data)) {
      return [{ type: 'redacted_thinking', data: textIn(block.data) }];
    }
    if (block.type === 'thinking' && textIn(block.signature)) {
      return [{ type: 'thinking', thinking: textIn(block.thinking), signature: textIn(block.signature) }];
    }
    throw new UnsupportedField(`${path}[${index}]`, 'Send thinking blocks back as they came, with their signature.');
  });
}

/** Citations are notes about an answer that no request takes, `reasoning_content` has no signature and `extra_content` is another provider's: neither can go back. */
const ASSISTANT_FIELDS = [
  'role',
  'annotations',
  'content',
  'refusal',
  'tool_calls',
  'thinking_blocks',
  'reasoning_content',
  'extra_content',
];

function assistantBlocks(message: Assistant, path: string): Block[] {
  checkFields(message, ASSISTANT_FIELDS, path, PROVIDER);
  const calls = functionCalls(message.tool_calls, `${path}.tool_calls`, PROVIDER).map((call, index): Block => {
    const input = toolInput(call.function.arguments, `${path}.tool_calls[${index}].function.arguments`);
    return { type: 'tool_use', id: idOf(call.id), name: call.function.name, input };
  });
  return [
    ...thinkingBlocks(message.thinking_blocks, `${path}.thinking_blocks`),
    ...textBlocks(message.content ?? '', `${path}.content`),
    ...textBlocks(textIn(message.refusal), `${path}.refusal`),
    ...calls,
  ];
}

function turnOf(
  message: Exclude<ChatMessage, { role: 'system' | 'developer' }>,
  path: string,
): Turn & { content: Block[] } {
  if (message.role === 'assistant') return { role: 'assistant', content: assistantBlocks(message, path) };
  if (message.role === 'tool') {
    // `name` repeats the name of the function that the id stands for.
    checkFields(message, ['role', 'tool_call_id', 'name', 'content', 'cache_control'], path, PROVIDER);
    const marker = cacheControlOf(message.cache_control, path);
    const content = textOfContent(message.content);
    return {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: idOf(message.tool_call_id), content, ...marker }],
    };
  }
  checkFields(message, ['role', 'content'], path, PROVIDER);
  const { content } = message;
  if (typeof content === 'string') return { role: 'user', content: [{ type: 'text', text: content }] };
  return { role: 'user', content: content.flatMap((part, index) => userBlock(part, `${path}.content[${index}]`)) };
}

/**
 * System and developer messages are gathered before the conversation, in their order: only the newest models take
 * them in between. Neighbouring turns of one role become one, as the results of parallel tool calls have to be.
 */
export function readConversation(messages: readonly ChatMessage[]): { system: TextBlock[]; turns: Turn[] } {
  const system: TextBlock[] = [];
  const turns: (Turn & { content: Block[] })[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    if (message.role === 'system' || message.role === 'developer') {
      checkFields(message, ['role', 'content'], path, PROVIDER);
      system.push(...textBlocks(message.content, `${path}.content`));
      continue;
    }
    const turn = turnOf(message, path);
    const last = turns.at(-1);
    if (turn.content.length === 0) continue;
    if (last?.role === turn.role) last.content.push(...turn.content);
    else turns.push(turn);
  }
  if (turns.length === 0) throw new UnsupportedField('messages', `${PROVIDER} needs a message of the user.`);
  return { system, turns };
}
