/** A stream in OpenAI's form: the adapter's chunks, then usage and `[DONE]`. */
import type { ApiError } from '@cloudfreedom/service-kit';
import type { AnswerContext, StreamChunk, StreamReader, StreamState } from '../../providers/provider.ts';
import type { ClientStream, Ending } from '../surface.ts';
import { chatUsage, servedTier } from './usage.ts';

export class ChatStream implements ClientStream {
  outputBytes = 0;
  readonly #reader: StreamReader;
  readonly #context: AnswerContext;
  readonly #choices: number;
  /** Choices that have their finish reason; kept only where we may have to finish some of several ourselves. */
  readonly #finished = new Set<number>();

  constructor(reader: StreamReader, context: AnswerContext) {
    this.#reader = reader;
    this.#context = context;
    this.#choices = context.request.n ?? 1;
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
    let text = '';
    if (ending.cut) {
      const open = Array.from({ length: this.#choices }, (_, index) => index);
      const choices = open
        .filter((index) => !this.#finished.has(index))
        .map((index) => ({ index, delta: {}, logprobs: null, finish_reason: 'length' }));
      text += event(this.#chunk(choices, { cloudfreedom: { stopped: ending.stopped } }));
    }
    if (this.#context.request.stream_options?.include_usage === true)
      text += event(this.#chunk([], { ...servedTier(ending), usage: chatUsage(ending) }));
    return `${text}data: [DONE]\n\n`;
  }

  fail(error: ApiError): string {
    return event(JSON.stringify(error.body()));
  }

  #write(chunks: StreamChunk[]): string {
    let text = '';
    for (const chunk of chunks) {
      text += event(chunk.json);
      this.outputBytes += chunk.outputBytes;
      if (this.#choices > 1) this.#noteFinished(chunk);
    }
    return text;
  }

  #noteFinished({ choices }: StreamChunk): void {
    for (const { index, finish_reason } of choices)
      if (finish_reason) this.#finished.add(typeof index === 'number' ? index : 0);
  }

  /** A chunk of our own, beside those of the provider: it carries the id of the others. */
  #chunk(choices: unknown[], rest: Record<string, unknown>): string {
    const { completionId, created, publicModel } = this.#context;
    const { id, created: at } = this.state.stamp ?? { id: completionId, created };
    return JSON.stringify({ id, object: 'chat.completion.chunk', created: at, model: publicModel, choices, ...rest });
  }
}

function event(json: string): string {
  return `data: ${json}\n\n`;
}
