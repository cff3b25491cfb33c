/** One replica of billing: it can die before its transaction, after it, or before its answer has left. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import type { Answer } from '../model/ledger-model.ts';
import type { TenantBook } from './database.ts';
import type { Network } from './network.ts';
import type { Timeline } from './timeline.ts';

/** A machine that can be killed and comes back; what a former life had begun never goes on. */
export class Machine {
  up = true;
  #life = 0;
  protected readonly timeline: Timeline;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  kill(): void {
    this.up = false;
    this.#life++;
  }

  start(): void {
    this.up = true;
  }

  /** Is the life that asks for this still going on? */
  protected lifeline(): () => boolean {
    const life = this.#life;
    return () => this.up && this.#life === life;
  }

  /** Do something later, unless the machine dies before it. */
  protected later(delayMs: number, happen: () => void): void {
    const lives = this.lifeline();
    this.timeline.after(delayMs, () => {
      if (lives()) happen();
    });
  }
}

export class Postgres extends Machine {
  /** Connections of a former life are dead: what ran on them is rolled back. */
  inTransaction(delayMs: number, commit: () => void): void {
    this.later(delayMs, commit);
  }
}

const SWEEP_EVERY_MS = 10_000;

export class BillingReplica extends Machine {
  readonly #postgres: Postgres;
  readonly #network: Network;
  readonly #books: TenantBook[];

  constructor(timeline: Timeline, postgres: Postgres, network: Network, books: TenantBook[]) {
    super(timeline);
    this.#postgres = postgres;
    this.#network = network;
    this.#books = books;
    this.start();
  }

  override start(): void {
    super.start();
    this.later(this.timeline.chance.between(0, SWEEP_EVERY_MS), () => this.#sweep());
  }

  #sweep(): void {
    const { chance } = this.timeline;
    for (const book of this.#books) this.#postgres.inTransaction(chance.between(0, 10), () => book.sweep());
    this.later(SWEEP_EVERY_MS, () => this.#sweep());
  }

  /** @param reply called at the other end, should the answer get there */
  receive(book: TenantBook, operations: LedgerOperation[], reply: (answers: Answer[]) => void): void {
    if (!this.up) return;
    const { chance } = this.timeline;
    const lives = this.lifeline();
    // A kill -9 doesn't stop a commit that is on its way: Postgres may still do it.
    this.#postgres.inTransaction(chance.between(1, 20), () => {
      const answers = book.commit(operations);
      if (!this.#network.healed && chance.happens(0.03)) {
        this.kill();
        this.timeline.after(chance.between(10, 20_000), () => this.start());
      }
      if (lives()) this.later(chance.between(0, 5), () => this.#network.send(() => reply(answers)));
    });
  }
}
