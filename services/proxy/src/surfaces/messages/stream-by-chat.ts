/** Chunks in OpenAI's chat form as Anthropic's events: one block after the other, each with its start and its stop. */
import type { ApiError } from '@cloudfreedom/service-kit';
import { malformedAnswer } from '../../providers/failure.ts';
import { isObject, type JsonObject, objectsIn, textIn } from '../../providers/json.ts';
import type { StreamChunk, StreamReader, StreamState } from '../../providers/provider.ts';
import type { ClientStream, Ending } from '../surface.ts';
import { imageText, type MessageHead, signatureOf, stopReasonOf } from './answer-by-chat.ts';
import { messagesError } from './error.ts';
import { event, messageEnd } from './events.ts';
import { foreignSignature } from './foreign-signature.ts';
import { messagesUsage } from './usage.ts';

type OpenBlock = { type: 'text' } | { type: 'thinking' } | { type: 'tool_use'; call: number };

export class MessagesStream implements ClientStream {
  outputBytes = 0;
  readonly #reader: StreamReader;
  readonly #head: MessageHead;
  #started = false;
  #blocks = 0;
  #open: OpenBlock | null = null;
  /** Calls whose block was opened. */
  readonly #calls = new Set<number>();
  #refused = false;

  constructor(reader: StreamReader, head: MessageHead) {
    this.#reader = reader;
    this.#head = head;
  }

  get state(): StreamState {
    return this.#reader.state;
  }

  push(bytes: Uint8Array): string {
    return this.#write(this.#reader.push(bytes));
  }

  end(): string {
    return this.#write(this.#reader.end());
  }

  close(ending: Ending): string {
    const { finishReason } = this.state;
    const stop_reason = ending.cut ? 'max_tokens' : stopReasonOf(finishReason, this.#refused);
    const begun = this.#begin() + this.#closeBlock('');
    return begun + messageEnd({ stop_reason, stop_sequence: null }, messagesUsage(ending));
  }

  fail(error: ApiError): string {
    return event(messagesError(error, null));
  }

  #write(chunks: StreamChunk[]): string {
    let text = '';
    for (const { choices, outputBytes } of chunks) {
      this.outputBytes += outputBytes;
      const [choice] = choices;
      text += this.#begin();
      if (isObject(choice?.delta)) text += this.#writeDelta(choice.delta);
    }
    return text;
  }

  #begin(): string {
    if (this.#started) return '';
    this.#started = true;
    // Other providers tell the input only at the end: the last event has it.
    const usage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
    const rest = { type: 'message', role: 'assistant', content: [], stop_reason: null, stop_sequence: null, usage };
    return event({ type: 'message_start', message: { ...this.#head, ...rest } }) + event({ type: 'ping' });
  }

  #writeDelta(delta: JsonObject): string {
    const reasoning = textIn(delta.reasoning_content);
    const refusal = textIn(delta.refusal);
    if (refusal) this.#refused = true;
    let text = textIn(delta.content) + refusal;
    if (delta.images !== undefined) text += objectsIn(delta.images).map(imageText).join('');
    let written = '';
    if (reasoning) written += this.#think({ type: 'thinking_delta', thinking: reasoning });
    if (text) {
      if (this.#open?.type !== 'text') written += this.#openBlock({ type: 'text' }, { type: 'text', text: '' });
      written += this.#delta({ type: 'text_delta', text });
    }
    if (delta.tool_calls !== undefined)
      for (const call of objectsIn(delta.tool_calls)) written += this.#callPiece(call);
    return written;
  }

  #think(delta: JsonObject): string {
    const opened =
      this.#open?.type === 'thinking'
        ? ''
        : this.#openBlock({ type: 'thinking' }, { type: 'thinking', thinking: '', signature: '' });
    return opened + this.#delta(delta);
  }

  #callPiece(piece: JsonObject): string {
    const call = typeof piece.index === 'number' ? piece.index : 0;
    const { name, arguments: text } = isObject(piece.function) ? piece.function : {};
    let written = '';
    if (!this.#calls.has(call)) {
      this.#calls.add(call);
      written += this.#carrySignature(signatureOf(piece));
      const block = { type: 'tool_use', id: textIn(piece.id), name: textIn(name), input: {} };
      written += this.#openBlock({ type: 'tool_use', call }, block);
    } else if (this.#open?.type !== 'tool_use' || this.#open.call !== call) {
      // Anthropic's blocks come one after the other: a closed one can't go on.
      this.state.failure = malformedAnswer('The provider mixed the arguments of several tool calls.');
      this.state.complete = false;
      return written;
    }
    if (textIn(text)) written += this.#delta({ type: 'input_json_delta', partial_json: text });
    return written;
  }

  /** The signature of a call goes with the thinking before it, which clients send back as it came. */
  #carrySignature(signature: string): string {
    if (!signature) return '';
    const opened =
      this.#open?.type === 'thinking'
        ? ''
        : this.#openBlock({ type: 'thinking' }, { type: 'thinking', thinking: '', signature: '' });
    return opened + this.#closeBlock(signature);
  }

  #openBlock(block: OpenBlock, content_block: JsonObject): string {
    const closed = this.#closeBlock('');
    this.#open = block;
    return closed + event({ type: 'content_block_start', index: this.#blocks, content_block });
  }

  #delta(delta: JsonObject): string {
    return event({ type: 'content_block_delta', index: this.#blocks, delta });
  }

  #closeBlock(signature: string): string {
    if (!this.#open) return '';
    const signed =
      this.#open.type === 'thinking'
        ? this.#delta({ type: 'signature_delta', signature: foreignSignature(signature) })
        : '';
    this.#open = null;
    const closed = signed + event({ type: 'content_block_stop', index: this.#blocks });
    this.#blocks += 1;
    return closed;
  }
}
