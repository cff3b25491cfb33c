import type { ApiError } from '@cloudfreedom/service-kit';
import { isObject, type JsonObject, textIn } from '../../providers/json.ts';
import type { StreamChunk, StreamReader, StreamState } from '../../providers/provider.ts';
import { chatUsage } from '../chat/usage.ts';
import type { ClientStream, Ending } from '../surface.ts';

/** What each chunk begins with. */
export interface CompletionHead extends JsonObject {
  id: string;
  object: 'text_completion';
  created: number;
  model: string;
}

export function choiceOf(index: unknown, text: string, finishReason: unknown): JsonObject {
  return { text, index, logprobs: null, finish_reason: finishReason ?? null };
}

/** What a completion shows of a message or a delta. */
export function wordsOf(message: unknown): string {
  return isObject(message) ? textIn(message.content) + textIn(message.refusal) : '';
}

export class CompletionStream implements ClientStream {
  outputBytes = 0;
  readonly #reader: StreamReader;
  readonly #head: CompletionHead;
  readonly #choices: number;
  readonly #usageWanted: boolean;
  readonly #finished = new Set<unknown>();

  constructor(reader: StreamReader, head: CompletionHead, options: { choices: number; usageWanted: boolean }) {
    this.#reader = reader;
    this.#head = head;
    this.#choices = options.choices;
    this.#usageWanted = options.usageWanted;
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
    const open = Array.from({ length: this.#choices }, (_, index) => index).filter((at) => !this.#finished.has(at));
    const cut = ending.cut
      ? this.#event({
          choices: open.map((index) => choiceOf(index, '', 'length')),
          cloudfreedom: { stopped: ending.stopped },
        })
      : '';
    const usage = this.#usageWanted ? this.#event({ choices: [], usage: chatUsage(ending) }) : '';
    return `${cut}${usage}data: [DONE]\n\n`;
  }

  fail(error: ApiError): string {
    return `data: ${JSON.stringify(error.body())}\n\n`;
  }

  #write(chunks: StreamChunk[]): string {
    let text = '';
    for (const chunk of chunks) {
      this.outputBytes += chunk.outputBytes;
      const choices: JsonObject[] = [];
      for (const { index, delta, finish_reason } of chunk.choices) {
        if (finish_reason) this.#finished.add(index);
        const words = wordsOf(delta);
        // A role or a piece of reasoning has no place in a completion.
        if (words || finish_reason) choices.push(choiceOf(index, words, finish_reason));
      }
      if (choices.length > 0) text += this.#event({ choices });
    }
    return text;
  }

  #event(rest: JsonObject): string {
    return `data: ${JSON.stringify({ ...this.#head, ...rest })}\n\n`;
  }
}
