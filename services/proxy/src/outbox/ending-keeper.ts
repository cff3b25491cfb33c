/**
 * Where the ending of a reservation goes when billing does not take it: the outbox, and while that is away too (one
 * Postgres may carry both) this process's memory. A forgotten ending would let the hold expire and charge all of it.
 */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import type { OutboxStore } from './outbox.store.ts';

const RETRY_MS = 1_000;

export interface EndingOptions {
  /** Billing refused it: keep it for a person to look at. */
  rejectedBecause?: string;
}

interface WaitingEnding {
  operation: LedgerOperation;
  options: EndingOptions;
}

export class EndingKeeper {
  readonly #store: Pick<OutboxStore, 'add'>;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, WaitingEnding>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { store: Pick<OutboxStore, 'add'>; logger: Logger }) {
    this.#store = options.store;
    this.#logger = options.logger;
  }

  /** Endings that only this process knows of. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Make an ending durable.
   * @throws what the outbox threw; nothing is kept then, see `keepInMemory`
   */
  async add(operation: LedgerOperation, options: EndingOptions = {}): Promise<void> {
    await this.#store.add(operation, options);
  }

  /** For an ending that `add` could not take: tried again every second until it can. */
  keepInMemory(operation: LedgerOperation, options: EndingOptions = {}): void {
    this.#logger.error(
      { reservationId: operation.reservationId, op: operation.op },
      'an ending is kept in memory only',
    );
    this.#waiting.set(operation.reservationId, { operation, options });
    this.#plan();
  }

  /** A last try for what is still in memory; call before the database is let go. */
  async drain(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#retry();
  }

  #plan(): void {
    if (this.#timer || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#retry().then(() => this.#plan());
    }, RETRY_MS);
    this.#timer.unref();
  }

  async #retry(): Promise<void> {
    for (const { operation, options } of [...this.#waiting.values()]) {
      try {
        await this.#store.add(operation, options);
        this.#waiting.delete(operation.reservationId);
      } catch {
        return; // still away; the others would fail alike
      }
    }
  }
}
