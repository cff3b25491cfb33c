/**
 * The laws as an onlooker holds them against a ledger: from what was asked and answered, and from the books, with
 * arithmetic of its own. A breach throws with the number of its law.
 */
import type { LedgerOperation, ReserveOperation } from '@cloudfreedom/contracts';
import type { Account, Answer, Hold, ModelEntry } from '../model/ledger-model.ts';
import { type Book, periodOf } from './book.ts';

const INPUT_NANO_EUR = 129n;
const OUTPUT_NANO_EUR = 516n;

export class BrokenLaw extends Error {
  readonly law: number;
  constructor(law: number, message: string) {
    super(`law ${law}: ${message}`);
    this.law = law;
  }
}

function hold(law: number, condition: boolean, message: () => string): void {
  if (!condition) throw new BrokenLaw(law, message());
}

export interface Before {
  sums: string;
  needed: Needed | null;
}

/** Nano-euro, and output tokens per choice. */
interface Needed {
  besideSpent: bigint;
  besideHeld: bigint;
  ceiling: number | null;
}

type Ended = Extract<LedgerOperation, { op: 'settle' | 'void' }>;
/** Answers that a repeat has to get again. */
const isKept = (answer: Answer) => answer.status !== 'rejected' && answer.status !== 'held';

export class Laws {
  readonly #book: Book;
  readonly #answers = new Map<string, { content: string; answer: string }>();
  readonly #openedIn = new Map<string, number>();
  readonly #states = new Map<string, Hold['state']>();
  /** Requests that were answered whole, and the price of what they used. */
  readonly #answered = new Map<string, bigint>();
  /** Requests of which nobody got an answer, and no provider a call. */
  readonly #givenUp = new Set<string>();
  readonly #entries: { entry: ModelEntry; amount: bigint }[] = [];

  constructor(book: Book) {
    this.#book = book;
  }

  price(inputTokens: number, outputTokens: number): bigint {
    const cost = INPUT_NANO_EUR * BigInt(inputTokens) + OUTPUT_NANO_EUR * BigInt(outputTokens);
    const thousandths = cost * BigInt(1000 + this.#book.markupPerMille);
    return thousandths / 1000n + (thousandths % 1000n > 0n ? 1n : 0n);
  }

  before(operation: LedgerOperation): Before {
    return { sums: this.#sums(), needed: this.#needed(operation) };
  }

  #sums(): string {
    return [...this.#book.accounts]
      .filter(([, { posted, pending }]) => posted !== 0n || pending !== 0n)
      .map(([name, { posted, pending }]) => `${name} ${posted}/${pending}`)
      .join();
  }

  /** What an operation needs beside what is spent, and beside what is spent and held; the ceiling that it may get. */
  #needed(operation: LedgerOperation): Needed | null {
    if (operation.op === 'reserve') {
      const { inputTokensMax, outputTokensMin, outputTokensCap, outputTokensSlice, choices } = operation;
      const price = (outputTokens: number) => this.price(inputTokensMax, outputTokens * choices);
      const unspent = this.#book
        .payersOf(operation.credential)
        .flatMap(({ limit, posted }) => (limit === null ? [] : limit - posted));
      const isAffordable = (outputTokens: number) => unspent.every((left) => price(outputTokens) <= left);
      let [ceiling, tooMuch] = [0, outputTokensCap + 1];
      while (ceiling + 1 < tooMuch) {
        const middle = Math.floor((ceiling + tooMuch) / 2);
        if (isAffordable(middle)) ceiling = middle;
        else tooMuch = middle;
      }
      return {
        besideSpent: price(Math.min(outputTokensMin, outputTokensCap)),
        besideHeld: price(Math.min(outputTokensSlice, ceiling)),
        ceiling,
      };
    }
    const open = this.#book.model.holds.get(operation.reservationId);
    if (operation.op !== 'extend' || !open) return null;
    const { inputTokensMax, choices } = open.operation;
    const besideSpent = this.price(inputTokensMax, operation.outputTokensHeld * choices);
    return { besideSpent, besideHeld: besideSpent - open.amount, ceiling: null };
  }

  after(operation: LedgerOperation, answer: Answer, before: Before): void {
    this.#checkGrant(operation, answer, before);
    this.#checkRepeat(operation, answer, before);
    if (answer.status === 'granted' && !this.#openedIn.has(operation.reservationId))
      this.#openedIn.set(operation.reservationId, periodOf(this.#book.nowMs));
    this.#checkBooks();
  }

  afterSweep(ended: number): void {
    if (ended > 0) this.#checkBooks();
    for (const [id, { state, expiresAtMs }] of this.#book.model.holds)
      hold(7, state !== 'open' || expiresAtMs > this.#book.nowMs, () => `a sweep left the dead hold ${id}`);
  }

  /** Law 1 both ways: nothing beyond a limit, no refusal without a true reason, no answer cut because others hold something. */
  #checkGrant(operation: LedgerOperation, answer: Answer, { needed, sums }: Before): void {
    const isNew = !this.#answers.has(`reserve ${operation.reservationId}`);
    const grown = answer.status === 'granted' ? isNew : answer.status === 'held' && sums !== this.#sums();
    const payers = this.#book.model.holds.get(operation.reservationId)?.payers ?? [];
    if (grown)
      for (const { level, limit, posted, pending } of payers)
        hold(1, limit === null || posted + pending <= limit, () => `granted beyond the limit of the ${level}`);
    if (needed === null || (operation.op === 'reserve' && !isNew)) return;
    if (answer.status === 'granted')
      hold(1, answer.ceiling === needed.ceiling, () => `capped at ${answer.ceiling}, not at ${needed.ceiling}`);
    if (answer.status !== 'refused') return;
    const asked = operation.op === 'reserve' ? this.#book.payersOf(operation.credential) : payers;
    const isSpent = ({ limit, posted }: Account) => limit !== null && posted + needed.besideSpent > limit;
    const isOccupied = ({ limit, posted, pending }: Account) =>
      limit !== null && posted + pending + needed.besideHeld > limit;
    const isTrue = answer.code === 'budget_held' ? asked.some(isOccupied) && !asked.some(isSpent) : asked.some(isSpent);
    hold(1, isTrue, () => `refused with ${answer.code}, though that did not stand in the way`);
  }

  /** Law 4; and whatever is rejected changes nothing. */
  #checkRepeat(operation: LedgerOperation, answer: Answer, { sums }: Before): void {
    if (answer.status === 'rejected' || answer.status === 'refused')
      hold(4, sums === this.#sums(), () => `${answer.status}, yet the sums moved`);
    if (operation.op !== 'reserve' && operation.op !== 'settle' && operation.op !== 'void') return;
    const key = `${operation.op} ${operation.reservationId}`;
    const content = JSON.stringify(operation);
    const text = JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    const earlier = this.#answers.get(key);
    if (!earlier) {
      if (isKept(answer)) this.#answers.set(key, { content, answer: text });
      return;
    }
    const same = earlier.content === content;
    hold(4, !same || earlier.answer === text, () => `${key}: first ${earlier.answer}, then ${text}`);
    hold(4, same || answer.status === 'rejected', () => `${key} with other content was taken`);
    hold(4, sums === this.#sums(), () => `the repeat of ${key} moved the sums`);
  }

  #checkBooks(): void {
    const { model } = this.#book;
    hold(5, model.entries.length >= this.#entries.length, () => 'entries are gone');
    for (const [index, { entry, amount }] of this.#entries.entries())
      hold(5, model.entries[index] === entry && entry.amount === amount, () => `entry ${index} was changed`);
    for (const entry of model.entries.slice(this.#entries.length)) {
      this.#checkNewEntry(entry);
      this.#entries.push({ entry, amount: entry.amount });
    }
    this.#checkLosses();
    this.#checkSums();
    for (const [id, { state }] of model.holds) {
      const earlier = this.#states.get(id) ?? 'open';
      hold(2, earlier === 'open' || earlier === state, () => `${id} was ${earlier} and became ${state}`);
      this.#states.set(id, state);
    }
  }

  /** A loss is on the tenant's loss account alone, once, and whoever lost something pays nothing for it. */
  #checkLosses(): void {
    const paid = new Map<string, bigint>();
    const lost = new Set<string>();
    for (const { account, kind, amount, reservationId } of this.#book.model.entries) {
      hold(3, (kind === 'loss') === (account.level === 'loss'), () => `a ${kind} stands on the level ${account.level}`);
      if (kind === 'loss') lost.add(reservationId);
      else if (account.level === 'user') paid.set(reservationId, (paid.get(reservationId) ?? 0n) + amount);
    }
    for (const id of lost) hold(2, (paid.get(id) ?? 0n) === 0n, () => `${id} was lost, and somebody paid for it`);
    for (const [id, { ending }] of this.#book.model.holds) {
      const isLoss = ending?.op === 'void' && 'lost' in JSON.parse(ending.content);
      hold(
        2,
        isLoss === lost.has(id),
        () => `${id}: ${isLoss ? 'a loss that no entry tells of' : 'an entry of no loss'}`,
      );
    }
  }

  #checkNewEntry(entry: ModelEntry): void {
    const of = this.#book.model.holds.get(entry.reservationId);
    if (!of) throw new BrokenLaw(6, 'an entry without a reservation');
    const opened = this.#openedIn.get(entry.reservationId);
    const { period } = entry.account as Account & { period: number };
    hold(8, period === opened, () => `opened in month ${opened}, posted in ${period}`);
    hold(1, entry.kind !== 'charge' || entry.amount <= of.amount, () => 'a settlement beyond its hold is no overage');
    const same = this.#entries.some(
      ({ entry: other }) =>
        other.kind === entry.kind && other.account === entry.account && other.reservationId === entry.reservationId,
    );
    hold(2, !same, () => `a second ${entry.kind} of ${entry.reservationId}`);
  }

  #checkSums(): void {
    const sums = new Map<Account, { posted: bigint; pending: bigint }>();
    const sumOf = (account: Account) => {
      const found = sums.get(account) ?? { posted: 0n, pending: 0n };
      sums.set(account, found);
      return found;
    };
    for (const { account, amount } of this.#book.model.entries) sumOf(account).posted += amount;
    for (const { state, amount, payers } of this.#book.model.holds.values())
      if (state === 'open') for (const account of payers) sumOf(account).pending += amount;
    for (const account of this.#book.accounts.values()) {
      const { posted, pending } = sumOf(account);
      hold(3, account.posted === posted, () => `posted ${account.posted}, entries ${posted} (${account.level})`);
      hold(3, account.pending === pending, () => `pending ${account.pending}, holds ${pending} (${account.level})`);
    }
  }

  /** Law 6, first half: the provider is about to be called. */
  providerCalled(operation: ReserveOperation): void {
    const known = this.#book.model.holds.has(operation.reservationId);
    hold(6, known, () => `the provider was called without a reservation (${operation.reservationId})`);
  }

  /** The proxy told its client that billing is away, and has the void in its outbox. */
  givenUp({ reservationId }: ReserveOperation): void {
    this.#givenUp.add(reservationId);
  }

  /** Law 6, second half: the last byte leaves. */
  answered(ending: Ended, durable: boolean): void {
    const ended = this.#book.model.holds.get(ending.reservationId)?.ending !== null;
    hold(6, durable || ended, () => `${ending.reservationId} was answered before its usage was durable`);
    if (ending.op !== 'settle') return;
    const { uncached_input = 0, output_text = 0 } = ending.usage.meters;
    this.#answered.set(ending.reservationId, this.price(uncached_input, output_text));
  }

  /** Law 9: whatever another tenant's token asked about this book. */
  strangerAsked(answer: Answer, before: string): void {
    const refused = answer.status === 'rejected' && answer.code === 'reservation_not_found';
    hold(9, refused, () => `another tenant's reservation was answered with ${answer.status}`);
    hold(9, before === this.#sums(), () => "another tenant's token moved the sums");
  }

  sums(): string {
    return this.#sums();
  }

  /** When everybody is back and everything has arrived. */
  atTheEnd(): void {
    const { holds, entries } = this.#book.model;
    for (const [id, { state }] of holds) hold(7, state !== 'open', () => `${id} is still open at the end`);
    for (const [id, price] of this.#answered) {
      const of = holds.get(id);
      const charged = new Map<Account, bigint>(of?.payers.map((account) => [account, 0n]));
      for (const { account, amount, reservationId } of entries)
        if (reservationId === id) charged.set(account, (charged.get(account) ?? 0n) + amount);
      for (const [{ level }, amount] of charged)
        hold(7, amount === price, () => `${id} used ${price}, the ${level} paid ${amount}`);
      hold(7, charged.size >= 2, () => `${id} was answered and nobody pays`);
    }
    for (const id of this.#givenUp) {
      const charged = entries.reduce(
        (sum, { amount, reservationId }) => sum + (reservationId === id ? amount : 0n),
        0n,
      );
      hold(7, charged === 0n, () => `${id} never ran, and ${charged} were charged`);
    }
  }

  get answeredCount(): number {
    return this.#answered.size;
  }
}
