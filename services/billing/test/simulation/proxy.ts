/**
 * A tenant's proxy: reserves, calls the provider, streams with heartbeats and extensions, writes the settlement to its
 * outbox, which outlives it, and only then answers. Whatever gets lost is sent again with the same content.
 */
import type { LedgerOperation, ReserveOperation, SettleOperation } from '@cloudfreedom/contracts';
import type { Answer } from '../model/ledger-model.ts';
import { reserveOf, settleOf } from '../records.ts';
import { type BillingReplica, Machine } from './billing-replica.ts';
import type { TenantBook } from './database.ts';
import type { Network } from './network.ts';
import type { Timeline } from './timeline.ts';

const TIMEOUT_MS = 2_000;
const ATTEMPTS_MAX = 4;
const HEARTBEAT_MS = 20_000;
const RELAY_EVERY_MS = 5_000;
type Ending = Extract<LedgerOperation, { op: 'settle' | 'void' }>;

/** What a provider will do with a request, decided beforehand. */
interface Fate {
  inputTokens: number;
  outputTokens: number;
  chunkTokens: number;
  chunkMs: number;
}

export class TenantProxy extends Machine {
  readonly outbox = new Map<string, Ending>();
  readonly book: TenantBook;
  protected readonly network: Network;
  readonly #replicas: BillingReplica[];

  constructor(timeline: Timeline, network: Network, book: TenantBook, replicas: BillingReplica[]) {
    super(timeline);
    this.network = network;
    this.book = book;
    this.#replicas = replicas;
    this.start();
  }

  override start(): void {
    super.start();
    this.later(this.timeline.chance.between(0, RELAY_EVERY_MS), () => this.#relay());
  }

  /** Ask billing, again and again until something comes back. */
  protected ask(
    operations: LedgerOperation[],
    onAnswer: (answers: Answer[]) => void,
    onSilence: () => void,
    attempt = 1,
  ): void {
    let answered = false;
    const lives = this.lifeline();
    const replica = this.timeline.chance.pick(this.#replicas);
    this.network.send(() =>
      replica.receive(this.book, operations, (answers) => {
        if (answered || !lives()) return;
        answered = true;
        this.later(0, () => onAnswer(answers));
      }),
    );
    this.later(TIMEOUT_MS, () => {
      if (answered) return;
      answered = true;
      if (attempt === ATTEMPTS_MAX) onSilence();
      else this.ask(operations, onAnswer, onSilence, attempt + 1);
    });
  }

  /** A client's request, from beginning to end. */
  serve(): void {
    if (!this.up) return;
    const { chance } = this.timeline;
    const cap = chance.between(1, 900);
    const reservationId = chance.uuid();
    const reserve = reserveOf(chance.pick(this.book.payers).credential, {
      reservationId,
      requestId: reservationId,
      inputTokensMax: chance.between(0, 900),
      outputTokensCap: cap,
      outputTokensMin: chance.between(1, 60),
      outputTokensSlice: chance.between(1, 300),
      choices: chance.happens(0.2) ? chance.between(2, 3) : 1,
    });
    const onAnswer = ([answer]: Answer[]) => {
      if (answer?.status === 'granted') this.call(reserve, answer);
    };
    this.ask([reserve], onAnswer, () => this.unreachable(reserve));
  }

  /** Nothing was sent upstream; should the reservation have been made all the same, it is let go. */
  protected unreachable(reserve: ReserveOperation): void {
    const { reservationId } = reserve;
    this.book.laws.givenUp(reserve);
    this.outbox.set(reservationId, { op: 'void', reservationId, reason: 'billing did not answer' });
  }

  protected call(reserve: ReserveOperation, granted: Extract<Answer, { status: 'granted' }>): void {
    const { chance } = this.timeline;
    this.book.laws.providerCalled(reserve);
    if (chance.happens(0.08)) {
      const { reservationId } = reserve;
      const refusal = { op: 'void' as const, reservationId, reason: 'the upstream refused' };
      if (chance.happens(0.5)) this.finish(refusal);
      else this.#lose(reserve, granted);
      return;
    }
    const fate: Fate = {
      inputTokens: chance.happens(0.05) ? reserve.inputTokensMax + 50 : chance.between(0, reserve.inputTokensMax),
      outputTokens: chance.between(0, granted.ceiling * reserve.choices),
      chunkTokens: chance.between(20, 200),
      chunkMs: chance.happens(0.1) ? chance.between(20_000, 90_000) : chance.between(50, 4_000),
    };
    this.#beat(reserve, 0, fate);
    this.#stream({ reserve, fate, produced: 0, held: granted.held });
  }

  /** Cut before a status: what it probably cost is told, at once or after the hold has expired. */
  #lose({ reservationId, inputTokensMax, choices }: ReserveOperation, { held }: { held: number }): void {
    const { chance } = this.timeline;
    const meters = {
      uncached_input: chance.between(0, inputTokensMax),
      ...(chance.happens(0.7) && { output_text: chance.between(0, held * choices) }),
    };
    const lost = { basis: 'estimated' as const, meters };
    this.later(chance.happens(0.3) ? chance.between(50_000, 90_000) : chance.between(0, 2_000), () =>
      this.finish({ op: 'void', reservationId, reason: 'outcome unknown', lost }),
    );
  }

  #progressOf(fate: Fate, produced: number) {
    return { basis: 'estimated' as const, meters: { uncached_input: fate.inputTokens, output_text: produced } };
  }

  #beat(reserve: ReserveOperation, produced: number, fate: Fate): void {
    this.later(HEARTBEAT_MS, () => {
      if (this.outbox.has(reserve.reservationId)) return;
      const { reservationId } = reserve;
      const renew = { op: 'renew' as const, reservationId, progress: this.#progressOf(fate, produced) };
      this.ask(
        [renew],
        ([answer]) => answer?.status === 'held' && this.#beat(reserve, produced, fate),
        () => this.#beat(reserve, produced, fate),
      );
    });
  }

  #stream(running: { reserve: ReserveOperation; fate: Fate; produced: number; held: number }): void {
    const { reserve, fate, produced, held } = running;
    const stop = () => this.finish(this.#settlement(reserve, fate, produced));
    if (produced >= fate.outputTokens) {
      stop();
      return;
    }
    const next = Math.min(fate.outputTokens, produced + fate.chunkTokens);
    if (next <= held * reserve.choices) {
      this.later(this.network.healed ? 10 : fate.chunkMs, () => this.#stream({ ...running, produced: next }));
      return;
    }
    const { reservationId } = reserve;
    const outputTokensHeld = Math.ceil(next / reserve.choices);
    this.ask(
      [{ op: 'extend', reservationId, outputTokensHeld, progress: this.#progressOf(fate, produced) }],
      ([answer]) => (answer?.status === 'held' ? this.#stream({ ...running, held: answer.held }) : stop()),
      stop,
    );
  }

  #settlement({ reservationId }: ReserveOperation, fate: Fate, outputTokens: number): SettleOperation {
    return settleOf(reservationId, { uncached_input: fate.inputTokens, output_text: outputTokens });
  }

  /** Durable first, then the last byte. */
  protected finish(ending: Ending): void {
    this.outbox.set(ending.reservationId, ending);
    this.later(this.timeline.chance.between(0, 3), () => this.answer(ending));
  }

  protected answer(ending: Ending): void {
    this.book.laws.answered(ending, this.outbox.has(ending.reservationId));
  }

  #relay(): void {
    const endings = [...this.outbox.values()].slice(0, 5);
    const next = () => this.later(RELAY_EVERY_MS, () => this.#relay());
    if (endings.length === 0) {
      next();
      return;
    }
    const onAnswer = (answers: Answer[]) => {
      for (const [index, { reservationId, op }] of endings.entries())
        if (this.isOver(op, answers[index])) this.outbox.delete(reservationId);
      next();
    };
    this.ask(endings, onAnswer, next);
  }

  /** A void of a reservation that was never made has nothing to let go. */
  protected isOver(_op: Ending['op'], answer: Answer | undefined): boolean {
    return answer !== undefined;
  }
}
