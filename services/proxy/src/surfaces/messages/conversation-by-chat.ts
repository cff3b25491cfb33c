/** Anthropic's turns as a conversation in OpenAI's form. */
import type { ChatMessage, ContentPart } from '../../providers/chat-request.ts';
import { isObject, objectsIn, textIn } from '../../providers/json.ts';
import { UnsupportedField } from '../../providers/request-fields.ts';
import { readForeignSignature } from './foreign-signature.ts';
import type { Block, CountTokensRequest } from './request.ts';

type Part = Extract<ContentPart, { type: 'text' | 'image_url' | 'file' }>;
type ToolCall = NonNullable<Extract<ChatMessage, { role: 'assistant' }>['tool_calls']>[number];

/** Where a message comes from, in the client's own words. */
export interface Origin {
  /** `messages[3]` */
  path: string;
  /** Of its parts: `messages[3].content[1]`; none where it is all text. */
  parts: string[];
}

export interface Conversation {
  messages: ChatMessage[];
  origins: Origin[];
}

export function readConversation({ system, messages }: CountTokensRequest): Conversation {
  const conversation: Conversation = { messages: [], origins: [] };
  const add = (message: ChatMessage, path: string, parts: string[] = []) => {
    conversation.messages.push(message);
    conversation.origins.push({ path, parts });
  };
  if (system?.length) add({ role: 'system', content: plainText(system) }, 'system');
  for (const [index, { role, content }] of messages.entries()) {
    const origin = `messages[${index}]`;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    if (role === 'system')
      add({ role: 'system', content: blocks.map((block) => textOf(block, origin)).join('') }, origin);
    else if (role === 'assistant') add(assistantMessage(blocks, origin), origin);
    else addUserTurn(blocks, origin, add);
  }
  return conversation;
}

/** Cache marks are left out: the other providers cache by themselves. */
function plainText(content: string | { text: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n\n');
}

function unsupported(block: Block, path: string): UnsupportedField {
  return new UnsupportedField(`${path}.type`, `Only Anthropic's models take a block of type '${block.type}' here.`);
}

function textOf(block: Block, path: string): string {
  if (block.type !== 'text') throw unsupported(block, path);
  return textIn(block.text);
}

/** A part, and the block that it comes from. */
interface PlacedPart {
  part: Part;
  from: string;
}

/** Results of tools come first, as OpenAI wants them, then what the person says. */
function addUserTurn(
  blocks: Block[],
  origin: string,
  add: (message: ChatMessage, path: string, parts?: string[]) => void,
): void {
  const said: PlacedPart[] = [];
  for (const [index, block] of blocks.entries()) {
    const from = `${origin}.content[${index}]`;
    const parts: Part[] = [];
    if (block.type === 'tool_result') add(toolMessage(block, from, parts), from);
    else parts.push(...partsOf(block, from));
    for (const part of parts) said.push({ part, from });
  }
  const [first] = said;
  if (!first) return;
  const content = said.length === 1 && first.part.type === 'text' ? first.part.text : said.map(({ part }) => part);
  const places = said.map(({ from }) => from);
  add({ role: 'user', content }, origin, places);
}

/** A tool's message is text in OpenAI's form: its pictures follow in the person's. */
function toolMessage(block: Block, path: string, parts: Part[]): ChatMessage {
  const id = textIn(block.tool_use_id);
  const content =
    typeof block.content === 'string' ? [{ type: 'text', text: block.content }] : objectsIn(block.content);
  const texts: string[] = [];
  for (const [index, inner] of (content as Block[]).entries()) {
    const made = partsOf(inner, `${path}.content[${index}]`);
    const media = made.filter((part) => part.type !== 'text');
    texts.push(...made.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
    if (media.length === 0) continue;
    texts.push('(attached below)');
    parts.push({ type: 'text', text: `Attached to the result of the tool call ${id}:` }, ...media);
  }
  const text = texts.join('\n');
  return { role: 'tool', tool_call_id: id, content: block.is_error === true ? `Error: ${text}` : text };
}

function partsOf(block: Block, path: string): Part[] {
  switch (block.type) {
    case 'text':
      return block.text ? [{ type: 'text', text: textIn(block.text) }] : [];
    case 'image':
      return [imagePart(block, path)];
    case 'document':
      return documentParts(block, path);
    case 'search_result': {
      const content = objectsIn(block.content).map(({ text }) => textIn(text));
      return [{ type: 'text', text: [`${textIn(block.title)} (${textIn(block.source)})`, ...content].join('\n') }];
    }
    default:
      throw unsupported(block, path);
  }
}

function imagePart(block: Block, path: string): Part {
  const source = isObject(block.source) ? block.source : {};
  if (source.type === 'url') return { type: 'image_url', image_url: { url: textIn(source.url) } };
  if (source.type !== 'base64') throw fileElsewhere(path);
  return { type: 'image_url', image_url: { url: dataUrl(source) } };
}

function documentParts(block: Block, path: string): Part[] {
  const source = isObject(block.source) ? block.source : {};
  if (isObject(block.citations) && block.citations.enabled === true)
    throw new UnsupportedField(`${path}.citations`, "Only Anthropic's models cite documents; leave it out.");
  const title = textIn(block.title);
  const words = [title, textIn(block.context)].filter(Boolean).map((text): Part => ({ type: 'text', text }));
  if (source.type === 'text') return [...words, { type: 'text', text: textIn(source.data) }];
  if (source.type === 'content') {
    const content = typeof source.content === 'string' ? [{ type: 'text', text: source.content }] : source.content;
    const inner = objectsIn(content) as Block[];
    return [...words, ...inner.flatMap((one, index) => partsOf(one, `${path}.source.content[${index}]`))];
  }
  if (source.type !== 'base64') throw fileElsewhere(path);
  const filename = title || 'document.pdf';
  return [...words, { type: 'file', file: { file_data: dataUrl(source), filename } }];
}

function fileElsewhere(path: string): UnsupportedField {
  return new UnsupportedField(`${path}.source.type`, "This model's provider takes it as base64 only.");
}

function dataUrl(source: Record<string, unknown>): string {
  return `data:${textIn(source.media_type)};base64,${textIn(source.data)}`;
}

/** Thinking stays behind: no other provider takes it back. Its signature goes along where the provider gave it. */
function assistantMessage(blocks: Block[], origin: string): ChatMessage {
  const calls: ToolCall[] = [];
  let text = '';
  let signature = '';
  for (const [index, block] of blocks.entries()) {
    const path = `${origin}.content[${index}]`;
    if (block.type === 'thinking') signature = readForeignSignature(block.signature) ?? '';
    else if (block.type === 'tool_use') {
      calls.push(toolCall(block, signature));
      signature = '';
    } else if (block.type !== 'redacted_thinking') text += textOf(block, path);
  }
  const content = text || (calls.length > 0 ? null : '');
  return { role: 'assistant', content, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

function toolCall(block: Block, signature: string): ToolCall {
  const call = { name: textIn(block.name), arguments: JSON.stringify(block.input) };
  const google = signature ? { extra_content: { google: { thought_signature: signature } } } : {};
  return { id: textIn(block.id), type: 'function', function: call, ...google };
}
