/**
 * Tokens of texts for OpenAI's models, counted in a worker thread: bounded in size, in time, and in how many wait. Whatever
 * can't be counted within the bounds has no count, and the bytes stay its bound.
 */
import { Worker } from 'node:worker_threads';

export type Encoding = 'o200k_base' | 'cl100k_base';
export interface CountJob {
  id: number;
  encoding: Encoding;
  texts: string[];
}
export interface CountReply {
  id: number;
  tokens: number;
}

const TEXT_LENGTH_MAX = 4_000_000;
const TIMEOUT_MS = 2_000;
/** A thread that has counted nothing yet reads its tables first. */
const FIRST_TIMEOUT_MS = 10_000;
const WAITING_MAX = 16;
const WORKER = new URL('./count-worker.ts', import.meta.url);

/** @returns null: a model whose tokens nobody here can count */
export function encodingOf(upstreamModel: string): Encoding | null {
  if (/^(gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|chatgpt-4o|o\d|codex)/.test(upstreamModel)) return 'o200k_base';
  return /^(gpt-4|gpt-3\.5)(-|$)/.test(upstreamModel) ? 'cl100k_base' : null;
}

export class TokenCounter {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, (tokens: number | null) => void>();
  #lastId = 0;
  #hasCounted = false;

  /** @returns the tokens of all texts, each by itself; null: too much, too slow, or too many are waiting */
  async count(encoding: Encoding, texts: string[]): Promise<number | null> {
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    if (length > TEXT_LENGTH_MAX || this.#waiting.size >= WAITING_MAX) return null;
    const worker = this.#running();
    const id = ++this.#lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.#waiting.set(id, resolve);
        // A text that takes this long keeps the thread busy: it is ended, with all that wait behind it.
        timer = setTimeout(() => this.#stop(), this.#hasCounted ? TIMEOUT_MS : FIRST_TIMEOUT_MS);
        const job: CountJob = { id, encoding, texts };
        worker.postMessage(job);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#stop();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(WORKER);
    worker.unref();
    worker.on('message', ({ id, tokens }: CountReply) => {
      this.#hasCounted = true;
      this.#waiting.get(id)?.(tokens);
    });
    worker.on('error', () => this.#stop());
    this.#worker = worker;
    return worker;
  }

  #stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#hasCounted = false;
    for (const resolve of this.#waiting.values()) resolve(null);
  }
}
