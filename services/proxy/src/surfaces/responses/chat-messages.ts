/** The input of a Responses request as messages of a chat. */
import type { ChatMessage, ContentPart } from '../../providers/chat-request.ts';
import type { JsonObject } from '../../providers/json.ts';
import { UnsupportedField } from '../../providers/request-fields.ts';
import {
  type FunctionCallItem,
  type FunctionOutputItem,
  type InputItem,
  isItem,
  type MessageItem,
  type ReasoningItem,
  type ResponsesPart,
} from '../../providers/responses-request.ts';
import { unseal } from './sealed-reasoning.ts';

type Assistant = Extract<ChatMessage, { role: 'assistant' }>;

function textOf(part: ResponsesPart, path: string): string {
  if (part.type === 'input_text' || part.type === 'output_text') return part.text;
  if (part.type === 'refusal') return part.refusal;
  throw new UnsupportedField(`${path}.type`, 'Only text can stand here for this model.');
}

function textOfContent(content: string | ResponsesPart[], path: string): string {
  if (typeof content === 'string') return content;
  return content.map((part, index) => textOf(part, `${path}[${index}]`)).join('');
}

function userPart(part: ResponsesPart, path: string): ContentPart {
  switch (part.type) {
    case 'input_image': {
      if (!part.image_url)
        throw new UnsupportedField(`${path}.file_id`, 'Files kept at OpenAI are out of reach here: send the image.');
      const detail = part.detail ? { detail: part.detail } : {};
      return { type: 'image_url', image_url: { url: part.image_url, ...detail } };
    }
    case 'input_file': {
      if (!part.file_data)
        throw new UnsupportedField(path, 'Files kept elsewhere are out of reach here: send it as file_data.');
      const filename = part.filename ? { filename: part.filename } : {};
      return { type: 'file', file: { file_data: part.file_data, ...filename } };
    }
    case 'input_audio':
      return { type: 'input_audio', input_audio: part.input_audio };
    default:
      return { type: 'text', text: textOf(part, path) };
  }
}

/** Gathers neighbouring items of the assistant into one message, as chats have them. */
class Conversation {
  readonly messages: ChatMessage[] = [];
  #assistant: Assistant | null = null;
  readonly #signatures: Record<string, string> = {};

  add(item: InputItem, path: string): void {
    if (isItem<MessageItem>(item, 'message')) this.#addMessage(item, path);
    else if (isItem<ReasoningItem>(item, 'reasoning')) this.#addReasoning(item);
    else if (isItem<FunctionCallItem>(item, 'function_call')) this.#addCall(item);
    else if (isItem<FunctionOutputItem>(item, 'function_call_output')) {
      const content = textOfContent(item.output, `${path}.output`);
      this.#push({ role: 'tool', tool_call_id: item.call_id, content });
    } else
      throw new UnsupportedField(`${path}.type`, `This model's provider knows no item of the type '${item.type}'.`);
  }

  #push(message: ChatMessage): void {
    this.#assistant = null;
    this.messages.push(message);
  }

  /** The open message of the assistant where it may go on, else a new one. */
  #open(mayGoOn: (message: Assistant) => boolean): Assistant {
    if (this.#assistant && mayGoOn(this.#assistant)) return this.#assistant;
    const message: Assistant = { role: 'assistant', content: null };
    this.#push(message);
    this.#assistant = message;
    return message;
  }

  #addMessage({ role, content }: MessageItem, path: string): void {
    const place = `${path}.content`;
    if (role === 'user') {
      const parts = typeof content === 'string' ? content : content.map((part, n) => userPart(part, `${place}[${n}]`));
      // A message of nothing says nothing.
      if (parts.length > 0) this.#push({ role, content: parts });
    } else if (role === 'assistant') {
      const text = textOfContent(content, place);
      this.#open((message) => message.content === null && !message.tool_calls).content = text;
    } else this.#push({ role, content: textOfContent(content, place) });
  }

  /** Another provider's reasoning can't be used by this one. */
  #addReasoning({ encrypted_content }: ReasoningItem): void {
    const sealed = unseal(encrypted_content);
    if (!sealed) return;
    Object.assign(this.#signatures, sealed.callSignatures);
    if (sealed.thinkingBlocks.length === 0) return;
    const message = this.#open(({ content, tool_calls }) => content === null && !tool_calls);
    const known = Array.isArray(message.thinking_blocks) ? message.thinking_blocks : [];
    message.thinking_blocks = [...known, ...sealed.thinkingBlocks];
  }

  #addCall({ call_id, name, arguments: given }: FunctionCallItem): void {
    const message = this.#open(() => true);
    const signature = this.#signatures[call_id];
    const extra: JsonObject = signature ? { extra_content: { google: { thought_signature: signature } } } : {};
    message.tool_calls = [
      ...(message.tool_calls ?? []),
      { id: call_id, type: 'function', function: { name, arguments: given }, ...extra },
    ];
  }
}

/**
 * @param kept how many of the items at the beginning are not of this request, but of the one before
 * @throws UnsupportedField naming the item
 */
export function chatMessages(instructions: string | null | undefined, items: InputItem[], kept: number): ChatMessage[] {
  const conversation = new Conversation();
  for (const [index, item] of items.entries())
    conversation.add(item, index < kept ? 'previous_response_id' : `input[${index - kept}]`);
  return [...(instructions ? [{ role: 'developer' as const, content: instructions }] : []), ...conversation.messages];
}
