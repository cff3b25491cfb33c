/** Anthropic's events on their way to an Anthropic client: passed on as they came, metered, the end kept back until it is paid. */
import type { ApiError } from '@cloudfreedom/service-kit';
import { failureOf } from '../../providers/anthropic/error.ts';
import { finishReasonOf } from '../../providers/anthropic/response.ts';
import { mergeUsage, readUsage } from '../../providers/anthropic/usage.ts';
import { bytesOf } from '../../providers/chunk.ts';
import { malformedAnswer } from '../../providers/failure.ts';
import { isObject, type JsonObject, textIn } from '../../providers/json.ts';
import type { StreamState } from '../../providers/provider.ts';
import { readServiceTier } from '../../providers/service-tier.ts';
import { createSseDecoder, type SseEvent } from '../../providers/sse.ts';
import { emptyState } from '../../providers/stream-reader.ts';
import type { ClientStream, Ending } from '../surface.ts';
import { messagesError } from './error.ts';
import { event, messageEnd } from './events.ts';
import { chargeOf, messagesUsage } from './usage.ts';

export class NativeStream implements ClientStream {
  readonly state: StreamState = emptyState();
  outputBytes = 0;
  readonly #decoder = createSseDecoder();
  readonly #publicModel: string | null;
  #usage: JsonObject = {};
  /** The block that is being sent; Anthropic sends one after the other. */
  #openBlock: number | null = null;
  /** The message_delta that says how the answer ended. */
  #ending: { event: JsonObject; text: string } | null = null;
  /** What came after it. */
  #afterEnding = '';

  /** @param publicModel null: the provider's own name is the public one */
  constructor(publicModel: string | null) {
    this.#publicModel = publicModel;
  }

  push(bytes: Uint8Array): string {
    return this.#readAll(this.#decoder.push(bytes), false);
  }

  end(): string {
    return this.#readAll(this.#decoder.end(), true);
  }

  close(ending: Ending): string {
    if (ending.cut || !this.#ending) return this.#cutOff(ending);
    const charge = chargeOf(ending);
    const { event: last, text } = this.#ending;
    const rest = this.#afterEnding || event({ type: 'message_stop' });
    if (!charge.cloudfreedom) return text + rest;
    const usage = isObject(last.usage) ? last.usage : {};
    return event({ ...last, type: 'message_delta', usage: { ...usage, ...charge } }) + rest;
  }

  fail(error: ApiError): string {
    return event(messagesError(error, null));
  }

  #cutOff(ending: Ending): string {
    const stop = this.#openBlock === null ? '' : event({ type: 'content_block_stop', index: this.#openBlock });
    return stop + messageEnd({ stop_reason: 'max_tokens', stop_sequence: null }, messagesUsage(ending));
  }

  #readAll(events: SseEvent[], cut: boolean): string {
    const { state } = this;
    let text = '';
    for (const one of events) {
      if (state.failure) break;
      const data = parseObject(one.data);
      if (data) text += this.#read(one, data);
      // The last event of a cut stream is rarely whole: that is an incomplete answer, not a malformed one.
      else if (!cut) state.failure = malformedAnswer('The provider sent an event that could not be read.');
    }
    if (this.#decoder.overflowed) state.failure ??= malformedAnswer('The provider sent an event that is too large.');
    if (state.failure) state.complete = false;
    return text;
  }

  /** @returns the event as the client gets it now */
  #read(one: SseEvent, data: JsonObject): string {
    const raw = `event: ${one.event}\ndata: ${one.data}\n\n`;
    if (data.type === 'error') {
      this.state.failure = failureOf(data.error, 0);
      return '';
    }
    if (this.#ending) {
      this.#afterEnding += raw;
      return '';
    }
    switch (data.type) {
      case 'message_start':
        return this.#start(data, raw);
      case 'content_block_start':
        this.#openBlock = typeof data.index === 'number' ? data.index : null;
        if (isObject(data.content_block)) this.#meter(data.content_block);
        return raw;
      case 'content_block_delta':
        if (isObject(data.delta)) this.#meter(data.delta);
        return raw;
      case 'content_block_stop':
        this.#openBlock = null;
        return raw;
      case 'message_delta':
        return this.#noteEnding(data, raw);
      default:
        return raw;
    }
  }

  #start(data: JsonObject, raw: string): string {
    const { message } = data;
    if (!isObject(message)) return raw;
    this.#count(message.usage);
    if (this.#publicModel === null) return raw;
    return event({ ...data, type: 'message_start', message: { ...message, model: this.#publicModel } });
  }

  #meter({ text, thinking, partial_json }: JsonObject): void {
    this.outputBytes += bytesOf(textIn(text), textIn(thinking), textIn(partial_json));
  }

  #noteEnding(data: JsonObject, raw: string): string {
    this.#count(data.usage);
    const stopReason = isObject(data.delta) ? textIn(data.delta.stop_reason) : '';
    if (!stopReason) return raw;
    this.state.finishReason = finishReasonOf(stopReason);
    this.state.complete = true;
    this.#ending = { event: data, text: raw };
    return '';
  }

  #count(usage: unknown): void {
    this.#usage = mergeUsage(this.#usage, usage);
    this.state.meters = readUsage(this.#usage);
    this.state.serviceTier = readServiceTier(this.#usage.service_tier);
  }
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
