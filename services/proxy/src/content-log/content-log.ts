/**
 * Keeps what people ask and are answered, where their tenant says so. Beside the requests: nothing here delays one or
 * makes it fail, memory is bounded, and what finds no room is counted. Where the tenant says nothing nothing is looked at.
 */
import { CONTENT_CHARS_MAX } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import { Counter, type Registry } from 'prom-client';
import type { ContentRow, ContentStore } from './content.store.ts';
import type { ContentSeal } from './content-seal.ts';
import { answerWords, requestWords, StreamWords } from './words.ts';

const WRITE_EVERY_MS = 500;
const WRITE_AGAIN_MS = 5_000;
const BATCH_ROWS = 50;
const LONGEST_GOODBYE_MS = 1_000;
/** Of answers on their way and of rows that wait: characters, or bytes. */
const HELD_MAX = 32 * 1024 * 1024;
/** Of a stream, before it is read. */
const UNREAD_CHARS = 16 * 1024;

/** A settled request. */
export interface Kept {
  reservationId: string;
  subjectId: string;
  requestId: string;
  model: string;
  surface: string;
  /** As it was checked. */
  body: unknown;
  /** In one piece; null: it came as a stream, or nobody saw one. */
  answer: string | null;
}

export class ContentLog {
  readonly #store: Pick<ContentStore, 'write'>;
  readonly #seal: ContentSeal;
  readonly #days: () => number;
  readonly #logger: Logger;
  readonly #dropped: Counter;
  readonly #heldMax: number;
  #held = 0;
  #waiting: ContentRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<boolean> | undefined;
  #closed = false;

  constructor(options: {
    store: Pick<ContentStore, 'write'>;
    seal: ContentSeal;
    /** As the tenant has it now; 0: nothing is kept. */
    days: () => number;
    logger: Logger;
    registry: Registry;
    heldMax?: number;
  }) {
    this.#store = options.store;
    this.#seal = options.seal;
    this.#days = options.days;
    this.#logger = options.logger;
    this.#heldMax = options.heldMax ?? HELD_MAX;
    this.#dropped = new Counter({
      name: 'cloudfreedom_proxy_contents_dropped_total',
      help: 'Requests whose words the tenant wanted kept and that found no room',
      registers: [options.registry],
    });
  }

  /** For a request that begins; null: nothing of it is kept. */
  begin(): ContentTake | null {
    const days = this.#days();
    return days === 0 ? null : new ContentTake(this, days);
  }

  /** @returns whether there is room for so much more */
  hold(size: number): boolean {
    if (this.#held + size > this.#heldMax) return false;
    this.#held += size;
    return true;
  }

  release(size: number): void {
    this.#held -= size;
  }

  countDropped(): void {
    this.#dropped.inc();
  }

  /** @param stream null: it was none */
  keep(kept: Kept, stream: StreamWords | null): void {
    try {
      const row = this.#rowOf(kept, stream);
      if (this.#closed || !this.hold(row.content.length)) this.countDropped();
      else {
        this.#waiting.push(row);
        this.#plan(WRITE_EVERY_MS);
      }
    } catch (error) {
      this.countDropped();
      this.#logger.error({ err: error, requestId: kept.requestId }, 'a request could not be kept');
    }
  }

  /** Write what is left, once; what the database doesn't take then is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_GOODBYE_MS);
    });
    const rest = async () => {
      while (this.#waiting.length > 0 && (await this.#write()));
    };
    await Promise.race([rest(), patience]);
    clearTimeout(timer);
  }

  #rowOf({ body, answer, ...about }: Kept, stream: StreamWords | null): ContentRow {
    const request = requestWords(body, CONTENT_CHARS_MAX);
    const nothing = { turns: [], cut: false };
    const said = stream?.end() ?? (answer === null ? nothing : answerWords(answer, CONTENT_CHARS_MAX));
    const sealed = this.#seal.close({ request: request.turns, answer: said.turns }, about);
    return { ...about, ...sealed, createdAt: new Date(), cut: request.cut || said.cut };
  }

  #plan(inMs: number): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#turn(), inMs);
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    this.#writing = this.#write();
    const written = await this.#writing;
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#plan(written ? 0 : WRITE_AGAIN_MS);
  }

  /** @returns whether the database took them */
  async #write(): Promise<boolean> {
    // Switched off meanwhile: then these are not wanted any more either.
    const batch = this.#days() === 0 ? this.#waiting : this.#waiting.slice(0, BATCH_ROWS);
    if (batch.length === 0) return true;
    try {
      if (this.#days() > 0) await this.#store.write(batch);
    } catch (error) {
      this.#logger.warn({ err: error, waiting: this.#waiting.length }, 'the database took no requests to keep');
      return false;
    }
    this.#waiting = this.#waiting.slice(batch.length);
    for (const { content } of batch) this.release(content.length);
    return true;
  }
}

/** What is taken of one request while it runs. */
export class ContentTake {
  readonly #log: ContentLog;
  /** How long it will be kept. */
  readonly days: number;
  #unread: string[] = [];
  #unreadChars = 0;
  #stream: StreamWords | null = null;
  #held = 0;
  #lost = false;

  constructor(log: ContentLog, days: number) {
    this.#log = log;
    this.days = days;
  }

  /** Whole events of a stream, as the client gets them. */
  told(events: string): void {
    this.#stream ??= new StreamWords(CONTENT_CHARS_MAX);
    if (this.#lost || this.#stream.chars > CONTENT_CHARS_MAX) return;
    if (!this.#log.hold(events.length)) {
      this.#lost = true;
      this.#letGo();
      return;
    }
    this.#held += events.length;
    this.#unread.push(events);
    this.#unreadChars += events.length;
    if (this.#unreadChars >= UNREAD_CHARS) this.#read();
  }

  /** It is settled. Its words are read when everything that waits for it is done. */
  keep(kept: Kept): void {
    setImmediate(() => {
      if (this.#lost) this.#log.countDropped();
      else {
        this.#read();
        this.#log.keep(kept, this.#stream);
      }
      this.#letGo();
    });
  }

  /** It came to nothing. */
  drop(): void {
    this.#letGo();
  }

  #read(): void {
    const events = this.#unread.join('');
    this.#unread = [];
    this.#unreadChars = 0;
    const stream = this.#stream;
    if (!stream) return;
    const before = stream.chars;
    try {
      stream.push(events);
    } catch {
      // What is no event is no words either.
    }
    const freed = events.length - (stream.chars - before);
    this.#held -= freed;
    this.#log.release(freed);
  }

  #letGo(): void {
    this.#log.release(this.#held);
    this.#held = 0;
    this.#unread = [];
  }
}
