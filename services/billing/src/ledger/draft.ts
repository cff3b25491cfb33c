/** The working copy on which a batch is decided: what was locked goes in, what has to be written comes out. */
import { hash } from 'node:crypto';
import type { LedgerResult } from '@cloudfreedom/contracts';
import { remainingNanoEur } from '../budget/limits.ts';
import type { DirectoryFacts, PriceFacts } from './authorize.ts';
import {
  type Balance,
  type BudgetBalance,
  balanceKey,
  type Entry,
  type EntryKind,
  levelsOf,
  type Period,
  type Reservation,
  type UsageRecord,
} from './reservation.ts';

export interface LedgerState {
  tenantId: string;
  now: Date;
  period: Period;
  facts: DirectoryFacts & PriceFacts;
  /** Every balance that the batch can touch. */
  balances: Balance[];
  /** Every reservation that the batch names and that exists. */
  reservations: Reservation[];
  /** What is remembered of ids that the batch names. */
  refusals: Refusal[];
}

/** An id that will never become a reservation: refused, or voided before it arrived. */
export interface Refusal {
  reservationId: string;
  /** Empty where it was voided: no content has this hash. */
  inputHash: string;
  answer: LedgerResult;
}

/** Which budget stood in the way of the operation at `index`; its open holds are looked up to explain it. */
export interface BudgetBlock {
  index: number;
  subjectId: string;
  level: BudgetBalance['level'];
  ownerId: string;
  periodStart: Date;
}

export interface Draft {
  readonly state: LedgerState;
  readonly balances: Map<string, Balance>;
  readonly reservations: Map<string, Reservation>;
  readonly refusals: Map<string, Refusal>;
  readonly opened: Set<string>;
  readonly changed: Set<string>;
  readonly touched: Set<string>;
  readonly newRefusals: { index: number; reservationId: string; inputHash: string }[];
  readonly blocks: BudgetBlock[];
  readonly entries: Entry[];
  readonly usage: UsageRecord[];
  /** Usage rows that no longer count. */
  readonly superseded: { reservationId: string; settledAt: Date }[];
}

export function createDraft(state: LedgerState): Draft {
  return {
    state,
    balances: new Map(
      state.balances.map((balance) => [
        balanceKey(balance.level, balance.ownerId, balance.periodStart),
        { ...balance },
      ]),
    ),
    reservations: new Map(state.reservations.map((reservation) => [reservation.id, { ...reservation }])),
    refusals: new Map(state.refusals.map((refusal) => [refusal.reservationId, refusal])),
    opened: new Set(),
    changed: new Set(),
    touched: new Set(),
    newRefusals: [],
    blocks: [],
    entries: [],
    usage: [],
    superseded: [],
  };
}

const isBudget = (balance: Balance): balance is BudgetBalance => balance.level !== 'loss';

/** The balances that pay for a request in a period, tenant first. */
export function balancesOf(
  draft: Draft,
  payer: { subjectId: string; apiKeyId: string | null; periodStart: Date },
): BudgetBalance[] {
  return levelsOf(payer, draft.state.tenantId).map(({ level, ownerId }) => {
    const balance = draft.balances.get(balanceKey(level, ownerId, payer.periodStart));
    if (!balance || !isBudget(balance)) throw new Error(`the ${level} balance of a reservation was not locked`);
    return balance;
  });
}

/** Change what is held for a reservation on all its levels. */
export function moveHold(draft: Draft, reservation: Reservation, differenceNanoEur: bigint): void {
  for (const balance of balancesOf(draft, reservation)) {
    balance.pendingNanoEur += differenceNanoEur;
    draft.touched.add(balanceKey(balance.level, balance.ownerId, balance.periodStart));
  }
}

/** Write an entry on all levels of a reservation. */
export function post(
  draft: Draft,
  reservation: Reservation,
  entry: { kind: EntryKind; amountNanoEur: bigint; reason: string | null; author: string | null },
): void {
  for (const balance of balancesOf(draft, reservation)) {
    const { level, ownerId, periodStart } = balance;
    balance.postedNanoEur += entry.amountNanoEur;
    draft.touched.add(balanceKey(level, ownerId, periodStart));
    draft.entries.push({ level, ownerId, periodStart, reservationId: reservation.id, ...entry });
  }
}

/** The tenant's loss account of the month of a reservation. */
export function lossAccountOf(draft: Draft, { periodStart }: Reservation): Balance {
  const account = draft.balances.get(balanceKey('loss', draft.state.tenantId, periodStart));
  if (!account) throw new Error('the loss account was not locked');
  return account;
}

/** Write an entry on the tenant's loss account. */
export function postLoss(
  draft: Draft,
  reservation: Reservation,
  entry: { amountNanoEur: bigint; reason: string },
): void {
  const account = lossAccountOf(draft, reservation);
  const { level, ownerId, periodStart } = account;
  account.postedNanoEur += entry.amountNanoEur;
  draft.touched.add(balanceKey(level, ownerId, periodStart));
  const written = { kind: 'loss', author: 'billing', reservationId: reservation.id } as const;
  draft.entries.push({ level, ownerId, periodStart, ...written, ...entry });
}

/** The least that any limited level leaves, nano-euro; null: nothing limits it. */
export function leastRemaining(balances: Balance[]): bigint | null {
  let least: bigint | null = null;
  for (const balance of balances) {
    const remaining = remainingNanoEur(balance);
    if (remaining !== null && (least === null || remaining < least)) least = remaining;
  }
  return least;
}

/** The least that any limited level has not spent, held or not, nano-euro; null: nothing limits it. */
export function leastUnspent(balances: Balance[]): bigint | null {
  return leastRemaining(balances.map((balance) => ({ ...balance, pendingNanoEur: 0n })));
}

/** What is answered now is the answer to the operation at `index` of the batch, and of every repeat of its content. */
export function remember(draft: Draft, index: number, refusal: Refusal): void {
  const { reservationId, inputHash } = refusal;
  draft.newRefusals.push({ index, reservationId, inputHash });
  draft.refusals.set(reservationId, refusal);
}

export function rejected(code: Extract<LedgerResult, { status: 'rejected' }>['code'], message: string): LedgerResult {
  return { status: 'rejected', code, message };
}

/** The most that Postgres's int8 keeps, nano-euro: about 9.2 billion euro. */
const AMOUNT_MAX = 2n ** 63n - 1n;

/** The answer where an amount would not fit into a balance or a row; null where it does. */
export function findOverflow(balances: Balance[], amountNanoEur: bigint): LedgerResult | null {
  const fits = balances.every(
    ({ postedNanoEur, pendingNanoEur }) => postedNanoEur + pendingNanoEur + amountNanoEur <= AMOUNT_MAX,
  );
  if (fits && amountNanoEur <= AMOUNT_MAX) return null;
  return rejected('amount_too_large', 'This would be more than 9.2 billion euro; check the units and the price.');
}

function withSortedKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withSortedKeys);
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) sorted[key] = withSortedKeys((value as Record<string, unknown>)[key]);
  return sorted;
}

/** SHA-256 of an operation's content, whatever the order of its fields. */
export function hashOf(operation: object): string {
  return hash('sha256', JSON.stringify(withSortedKeys(operation)));
}
