/** Delivers the outbox to billing until it is empty. Sending twice is harmless: billing knows a reservation's ending. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import type { Ledger } from '../billing/ledger.ts';
import type { Delivery, OutboxStore } from './outbox.store.ts';

const ROWS_PER_CLAIM = 100;
const IDLE_POLL_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

export class OutboxRelay {
  readonly #store: OutboxStore;
  readonly #ledger: Ledger;
  readonly #logger: Logger;
  #pauseMs = IDLE_POLL_MS;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: { store: OutboxStore; ledger: Ledger; logger: Logger }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#logger = options.logger;
  }

  start(): void {
    this.#plan(0);
  }

  /** Ends the loop after the round that is under way. May be called more than once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #plan(inMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, inMs);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    try {
      const claimed = await this.#store.claim(ROWS_PER_CLAIM, (operations) => this.#deliver(operations));
      this.#pauseMs = IDLE_POLL_MS;
      this.#plan(claimed === ROWS_PER_CLAIM ? 0 : IDLE_POLL_MS);
    } catch (error) {
      this.#logger.warn({ err: error }, 'the outbox could not be delivered; trying again');
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      this.#plan(this.#pauseMs);
    }
  }

  async #deliver(operations: LedgerOperation[]): Promise<Delivery[]> {
    const results = await Promise.all(operations.map((operation) => this.#ledger.ask(operation)));
    return results.map((result, index) => {
      if (result.status === 'settled' || result.status === 'voided') return { status: 'done' };
      // A reservation that billing never made needs no void.
      if (result.status === 'rejected' && operations[index]?.op === 'void') return { status: 'done' };
      const because = result.status === 'rejected' ? `${result.code}: ${result.message}` : result.status;
      this.#logger.error({ reservationId: operations[index]?.reservationId, because }, 'billing refused a settlement');
      return { status: 'rejected', because };
    });
  }
}
