/** What a chat's message or its deltas say, as the items and events of a response. */
import { isObject, type JsonObject, objectsIn, textIn } from '../../providers/json.ts';
import { EventWriter } from './event-writer.ts';
import { type SealedReasoning, seal } from './sealed-reasoning.ts';

/** The item that is being written. */
interface Open {
  type: 'message' | 'reasoning' | 'function_call';
  id: string;
  /** Place among the output items. */
  index: number;
  /** Of a call: its place among the message's calls. */
  call: number;
  /** Kinds of parts that a message has so far, in order. */
  parts: string[];
  item: JsonObject;
  sealed: SealedReasoning;
}

export class ChatEvents {
  readonly writer = new EventWriter();
  readonly #name: string;
  readonly #showsReasoning: boolean;
  #open: Open | null = null;
  #items = 0;

  /**
   * @param name what the ids of the items are made of
   * @param showsReasoning the client asked for a summary; what the provider shows of its reasoning stands for it
   */
  constructor(name: string, showsReasoning: boolean) {
    this.#name = name;
    this.#showsReasoning = showsReasoning;
  }

  /** @returns the events that a delta, or a whole message, becomes @throws TypeError for calls that take turns */
  take(delta: JsonObject): string {
    let text = '';
    text += this.#reason(textIn(delta.reasoning_content), objectsIn(delta.thinking_blocks));
    text += this.#say('output_text', textIn(delta.content));
    text += this.#say('refusal', textIn(delta.refusal));
    for (const annotation of objectsIn(delta.annotations)) text += this.#annotate(annotation);
    for (const image of objectsIn(delta.images)) text += this.#show(image);
    for (const [position, call] of objectsIn(delta.tool_calls).entries()) text += this.#call(call, position);
    return text;
  }

  /** @returns the events that end what is open */
  close(status: 'completed' | 'incomplete'): string {
    this.#open = null;
    return this.writer.closeItems(status);
  }

  #begin(type: Open['type'], prefix: string, fields: JsonObject, call = -1): string {
    const ended = this.close('completed');
    const index = this.#items++;
    const id = `${prefix}_${this.#name}${index}`;
    const item = { type, id, ...fields };
    const sealed = { thinkingBlocks: [], callSignatures: {} };
    this.#open = { type, id, index, call, parts: [], item, sealed };
    return ended + this.writer.write({ type: 'response.output_item.added', output_index: index, item });
  }

  #at(): JsonObject {
    return { item_id: this.#open?.id, output_index: this.#open?.index };
  }

  #reason(text: string, blocks: JsonObject[]): string {
    if (text === '' && blocks.length === 0) return '';
    let written = '';
    if (this.#open?.type !== 'reasoning') written += this.#begin('reasoning', 'rs', { summary: [] });
    if (text !== '' && this.#showsReasoning) {
      const at = { ...this.#at(), summary_index: 0 };
      if (this.#open?.parts.length === 0) {
        this.#open.parts.push('summary_text');
        const part = { type: 'summary_text', text: '' };
        written += this.writer.write({ type: 'response.reasoning_summary_part.added', ...at, part });
      }
      written += this.writer.write({ type: 'response.reasoning_summary_text.delta', ...at, delta: text });
    }
    if (this.#open && blocks.length > 0) {
      this.#open.sealed.thinkingBlocks.push(...blocks);
      this.writer.output.amend(this.#open.index, { encrypted_content: seal(this.#open.sealed) });
    }
    return written;
  }

  #say(kind: 'output_text' | 'refusal', text: string): string {
    if (text === '') return '';
    let written = '';
    if (this.#open?.type !== 'message')
      written += this.#begin('message', 'msg', { status: 'in_progress', role: 'assistant', content: [] });
    const parts = this.#open?.parts ?? [];
    if (parts.at(-1) !== kind) {
      parts.push(kind);
      const part =
        kind === 'refusal'
          ? { type: 'refusal', refusal: '' }
          : { type: 'output_text', text: '', annotations: [], logprobs: [] };
      const at = { ...this.#at(), content_index: parts.length - 1 };
      written += this.writer.write({ type: 'response.content_part.added', ...at, part });
    }
    const at = { ...this.#at(), content_index: parts.length - 1 };
    const logprobs = kind === 'refusal' ? {} : { logprobs: [] };
    return written + this.writer.write({ type: `response.${kind}.delta`, ...at, delta: text, ...logprobs });
  }

  #annotate(annotation: JsonObject): string {
    const { url_citation: citation } = annotation;
    if (this.#open?.type !== 'message' || !isObject(citation)) return '';
    const content_index = this.#open.parts.length - 1;
    const note = { type: 'url_citation', ...citation };
    const annotation_index = this.writer.output.annotate(this.#open.index, content_index, note);
    const at = { ...this.#at(), content_index, annotation_index };
    return this.writer.write({ type: 'response.output_text.annotation.added', ...at, annotation: note });
  }

  #show(image: JsonObject): string {
    const url = isObject(image.image_url) ? textIn(image.image_url.url) : '';
    const ended = this.close('completed');
    const index = this.#items++;
    const result = url.slice(url.indexOf(',') + 1);
    const item = { type: 'image_generation_call', id: `ig_${this.#name}${index}`, status: 'completed', result };
    const at = { output_index: index, item };
    return (
      ended +
      this.writer.write({ type: 'response.output_item.added', ...at }) +
      this.writer.write({ type: 'response.output_item.done', ...at })
    );
  }

  #call(call: JsonObject, position: number): string {
    const index = typeof call.index === 'number' ? call.index : position;
    const called = isObject(call.function) ? call.function : {};
    let written = '';
    if (this.#open?.type !== 'function_call' || this.#open.call !== index) {
      if (textIn(called.name) === '') throw new TypeError('a call without its beginning');
      const callId = textIn(call.id);
      written += this.#signed(call, callId);
      const fields = { status: 'in_progress', call_id: callId, name: textIn(called.name), arguments: '' };
      written += this.#begin('function_call', 'fc', fields, index);
    }
    const delta = textIn(called.arguments);
    if (delta === '') return written;
    return written + this.writer.write({ type: 'response.function_call_arguments.delta', ...this.#at(), delta });
  }

  /** Gemini signs the call itself; an item of reasoning before it carries that back. */
  #signed(call: JsonObject, callId: string): string {
    const google = isObject(call.extra_content) ? call.extra_content.google : undefined;
    const signature = isObject(google) ? textIn(google.thought_signature) : '';
    if (signature === '') return '';
    const written = this.#open?.type === 'reasoning' ? '' : this.#begin('reasoning', 'rs', { summary: [] });
    if (this.#open) {
      this.#open.sealed.callSignatures[callId] = signature;
      this.writer.output.amend(this.#open.index, { encrypted_content: seal(this.#open.sealed) });
    }
    return written;
  }
}
