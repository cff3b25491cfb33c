/**
 * The hold of a running request: lets it grow towards the ceiling before the output reaches it, and keeps it alive.
 * Figures are output tokens per choice unless they say otherwise.
 */
import type { LedgerResult, Usage } from '@cloudfreedom/contracts';
import type { StopReason } from '../surfaces/surface.ts';
import type { Parts } from './parts.ts';
import type { Reservation } from './reserve.ts';

/** Part of a slice that is still free when the next one is asked for. */
const HEADROOM = 0.4;
/** Holds live a minute; three heartbeats may get lost. */
const HEARTBEAT_MS = 15_000;

/** go: on. wait: the hold is used up and billing is being asked. stop: it was refused, or billing does not answer. */
export type Verdict = 'go' | 'wait' | 'stop';

/** What the relay knows and the hold has to tell billing. */
export interface Watcher {
  /** Usage so far, for the case that this process dies. */
  progress: () => Usage;
  /** The verdict may be another one now. */
  changed: () => void;
}

type HoldParts = Pick<Parts, 'ledger' | 'logger' | 'budgetLine'>;

export class Hold {
  readonly #parts: HoldParts;
  readonly #reservation: Reservation;
  readonly #slice: number;
  readonly #choices: number;
  readonly #runAhead: number;
  #isClosed = false;
  /** Made when it waits in line, which few do: an abort is dear. */
  #waiting: AbortController | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  #watcher: Watcher;
  #held: number;
  #asking = false;
  /** How it ended when billing was asked last; null: granted. */
  #refused: StopReason | null = null;
  #refusedForGood = false;

  constructor(
    parts: HoldParts,
    reservation: Reservation,
    bounds: { outputTokensSlice: number; runAheadTokens: number; choices: number },
    progressAtFirst: () => Usage,
  ) {
    this.#parts = parts;
    this.#reservation = reservation;
    this.#slice = bounds.outputTokensSlice;
    this.#choices = bounds.choices;
    this.#runAhead = bounds.runAheadTokens;
    this.#held = reservation.heldOutputTokens;
    this.#watcher = { progress: progressAtFirst, changed: () => {} };
    this.#heartbeat = setInterval(() => this.#renew(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get stopReason(): StopReason {
    return this.#refused ?? 'budget';
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher;
  }

  /** May the output, which has reached this many tokens over all choices, go on? */
  advance(outputTokens: number): Verdict {
    const ceiling = this.#reservation.ceilingOutputTokens;
    // At the ceiling the upstream stops by itself: it was told so.
    if (this.#held >= ceiling) return 'go';
    // What an upstream makes before it stops is kept free.
    const usable = Math.max(1, this.#held - this.#runAhead);
    const usedUp = outputTokens >= usable * this.#choices;
    const nearlyUsedUp = outputTokens > (usable - this.#slice * HEADROOM) * this.#choices;
    // A refusal of an early question is asked again once, when there is nothing left.
    const mayAsk = !this.#asking && !this.#refusedForGood && (this.#refused === null ? nearlyUsedUp : usedUp);
    if (mayAsk) this.#extend(Math.ceil(outputTokens / this.#choices), usedUp);
    if (!usedUp) return 'go';
    return this.#asking ? 'wait' : 'stop';
  }

  /** No heartbeat any more: the reservation is about to end. */
  close(): void {
    this.#isClosed = true;
    this.#waiting?.abort();
    clearInterval(this.#heartbeat);
  }

  #extend(outputTokens: number, last: boolean): void {
    const outputTokensHeld = Math.min(
      this.#reservation.ceilingOutputTokens,
      Math.max(this.#held, outputTokens) + this.#slice,
    );
    const { reservationId, trace } = this.#reservation;
    this.#asking = true;
    const ask = () => {
      const progress = this.#watcher.progress();
      return this.#parts.ledger.ask({ op: 'extend', reservationId, outputTokensHeld, progress }, trace);
    };
    this.#grow(ask, last).then((refused) => {
      this.#asking = false;
      this.#refused = refused;
      this.#refusedForGood = refused !== null && last;
      if (refused === null) this.#held = outputTokensHeld;
      this.#watcher.changed();
    });
  }

  /** Where nothing but other holds stands in the way and no output is left, it waits in line for them, for a while. */
  async #grow(ask: () => Promise<LedgerResult>, last: boolean): Promise<StopReason | null> {
    try {
      let result: LedgerResult | null = await ask();
      if (last && result.status === 'refused' && result.code === 'budget_held') result = await this.#waitInLine(ask);
      return result?.status === 'held' ? null : 'budget';
    } catch (error) {
      const { reservationId } = this.#reservation;
      this.#parts.logger.warn({ err: error, reservationId }, 'a hold could not be extended');
      return 'billing_unavailable';
    }
  }

  async #waitInLine(ask: () => Promise<LedgerResult>): Promise<LedgerResult | null> {
    this.#waiting ??= new AbortController();
    if (this.#isClosed) this.#waiting.abort();
    return this.#parts.budgetLine.pass(this.#reservation, ask, this.#waiting.signal);
  }

  #renew(): void {
    const { reservationId } = this.#reservation;
    this.#parts.ledger.ask({ op: 'renew', reservationId, progress: this.#watcher.progress() }).then(
      (result) => {
        if (result.status !== 'held') this.#parts.logger.warn({ reservationId, result }, 'a hold was not renewed');
      },
      (error: unknown) => this.#parts.logger.warn({ err: error, reservationId }, 'a hold could not be renewed'),
    );
  }
}
