/**
 * The ledger in its simplest form, in memory and one operation at a time: what the real one has to agree with. It shares
 * no code with it. One model is priced, without cache prices and tiers, so that a price is a whole number of nano-euro.
 */
import type { LedgerOperation, ReserveOperation, Usage } from '@cloudfreedom/contracts';

/** gpt-4o-mini at 0.15 and 0.60 USD per million (priority 0.25 and 1) and 0.86 euro per dollar, nano-euro per token. */
const PRICES = { standard: { input: 129n, output: 516n }, priority: { input: 215n, output: 860n } };
type Tier = keyof typeof PRICES;
const UNITS_MAX = 1_000_000_000;
const HOLD_MS = 60_000;

type Level = 'tenant' | 'user' | 'api_key' | 'loss';

/** One budget that pays, or the tenant's loss account. Amounts in nano-euro; no limit: null. */
export interface Account {
  level: Level;
  ownerId: string;
  limit: bigint | null;
  posted: bigint;
  pending: bigint;
}

/** What of an answer has to agree. */
export type Answer =
  | { status: 'granted'; ceiling: number; held: number; hold: bigint }
  | { status: 'held'; held: number; hold: bigint }
  | { status: 'settled'; charge: bigint; cost: bigint; remaining: bigint | null }
  | { status: 'voided' }
  | { status: 'refused'; code: string; level: Level }
  | { status: 'rejected'; code: string };

export interface ModelEntry {
  account: Account;
  kind: 'charge' | 'overage' | 'correction' | 'loss';
  amount: bigint;
  reservationId: string;
}

export interface Hold {
  operation: ReserveOperation;
  answer: Answer;
  payers: Account[];
  /** The tenant's loss account of its month. */
  lossAccount: Account;
  state: 'open' | 'ended' | 'expired';
  ceiling: number;
  held: number;
  amount: bigint;
  charged: bigint;
  expiresAtMs: number;
  progress: Usage;
  ending: { content: string; op: 'settle' | 'void'; answer: Answer } | null;
}

/** Before the first sign of life. */
const NOTHING_SEEN: Usage = { basis: 'estimated', meters: {} };
const rejected = (code: string): Answer => ({ status: 'rejected', code });

export class LedgerModel {
  /** Every entry there ever was, in order. */
  readonly entries: ModelEntry[] = [];
  readonly holds = new Map<string, Hold>();
  readonly #perMille: bigint;
  /** Accounts by how a request names its payer, tenant first. */
  protected readonly payersOf: (credential: ReserveOperation['credential']) => Account[];
  protected readonly lossAccountOf: () => Account;
  protected readonly nowMs: () => number;
  protected readonly refused = new Map<string, { content: string; answer: Answer }>();

  /**
   * @param markupPerMille 125 for 12.5 %
   * @param lossAccountOf the tenant's loss account of the month that is now
   */
  constructor(
    markupPerMille: number,
    payersOf: (credential: ReserveOperation['credential']) => Account[],
    lossAccountOf: () => Account,
    nowMs: () => number = () => 0,
  ) {
    this.#perMille = 1000n + BigInt(markupPerMille);
    this.payersOf = payersOf;
    this.lossAccountOf = lossAccountOf;
    this.nowMs = nowMs;
  }

  perform(operation: LedgerOperation): Answer {
    if (operation.op === 'reserve') return this.reserve(operation);
    const hold = this.holds.get(operation.reservationId);
    if (!hold) return this.unknown(operation);
    if (operation.op === 'settle' || operation.op === 'void') return this.end(hold, operation);
    if (hold.state !== 'open') return rejected('reservation_ended');
    if (operation.op === 'extend' && operation.outputTokensHeld > hold.held) {
      const refusal = this.grow(hold, operation.outputTokensHeld);
      if (refusal) return refusal;
    }
    hold.progress = operation.progress;
    hold.expiresAtMs = this.nowMs() + HOLD_MS;
    return { status: 'held', held: hold.held, hold: hold.amount };
  }

  refusalCodes(): string[] {
    return [...this.refused.values()].flatMap(({ answer }) => (answer.status === 'refused' ? answer.code : []));
  }

  /** Its time is over: what was told last is charged as an estimate. */
  expire(reservationId: string): void {
    const hold = this.holds.get(reservationId);
    if (hold?.state !== 'open') return;
    this.charge(hold, this.withMarkup(estimate(hold, hold.progress)));
    this.letGo(hold, 'expired');
  }

  /** The sweep: whatever has outlived its minute. @returns what ended */
  expireOverdue(): string[] {
    const overdue = [...this.holds].filter(
      ([, { state, expiresAtMs }]) => state === 'open' && expiresAtMs <= this.nowMs(),
    );
    for (const [id] of overdue) this.expire(id);
    return overdue.map(([id]) => id);
  }

  protected post(hold: Hold, kind: ModelEntry['kind'], amount: bigint): void {
    for (const account of hold.payers) {
      account.posted += amount;
      this.entries.push({ account, kind, amount, reservationId: hold.operation.reservationId });
    }
  }

  /** What the provider took beyond the hold is told apart. */
  protected charge(hold: Hold, amount: bigint): void {
    const within = amount < hold.amount ? amount : hold.amount;
    this.post(hold, 'charge', within);
    if (amount > within) this.post(hold, 'overage', amount - within);
    hold.charged = amount;
  }

  protected withMarkup(cost: bigint): bigint {
    return (cost * this.#perMille + 999n) / 1000n;
  }

  protected priceHold(operation: ReserveOperation, outputTokens: number): bigint {
    const { input, output } = dearestOf(operation);
    const units = BigInt(outputTokens) * BigInt(operation.choices);
    return this.withMarkup(input * BigInt(operation.inputTokensMax) + output * units);
  }

  protected reserve(operation: ReserveOperation): Answer {
    const content = JSON.stringify(operation);
    const open = this.holds.get(operation.reservationId);
    const earlier = open
      ? { content: JSON.stringify(open.operation), answer: open.answer }
      : this.refused.get(operation.reservationId);
    if (earlier) return earlier.content === content ? earlier.answer : rejected('idempotency_conflict');
    const payers = this.payersOf(operation.credential);
    const least = Math.min(operation.outputTokensMin, operation.outputTokensCap);
    const refuse = (refusal: Answer) => {
      this.refused.set(operation.reservationId, { content, answer: refusal });
      return refusal;
    };
    const spent = beyondSpent(payers, this.priceHold(operation, least));
    if (spent) return refuse(spent);
    const ceiling = this.affordable(operation, payers);
    const held = Math.min(operation.outputTokensSlice, ceiling);
    const amount = this.priceHold(operation, held);
    const occupied = beyondHeld(payers, amount);
    if (occupied) return refuse(occupied);
    for (const account of payers) account.pending += amount;
    const answer: Answer = { status: 'granted', ceiling, held, hold: amount };
    const times = { expiresAtMs: this.nowMs() + HOLD_MS, progress: NOTHING_SEEN, ending: null };
    const state = { state: 'open' as const, ceiling, held, amount, charged: 0n, ...times };
    const lossAccount = this.lossAccountOf();
    this.holds.set(operation.reservationId, { operation, answer, payers, lossAccount, ...state });
    return answer;
  }

  /**
   * What the budget affords whatever is held of it now; ceil(x / 1000) <= left is x <= 1000 left: solved for the tokens,
   * without trying.
   */
  protected affordable(operation: ReserveOperation, payers: Account[]): number {
    const left = leastLeft(payers, 'spent');
    if (left === null) return operation.outputTokensCap;
    const { input, output } = dearestOf(operation);
    const forOutput = left * 1000n - input * BigInt(operation.inputTokensMax) * this.#perMille;
    const tokens = forOutput / (output * BigInt(operation.choices) * this.#perMille);
    return tokens < BigInt(operation.outputTokensCap) ? Number(tokens) : operation.outputTokensCap;
  }

  protected grow(hold: Hold, outputTokens: number): Answer | null {
    if (outputTokens > hold.ceiling) return rejected('beyond_ceiling');
    const whole = this.priceHold(hold.operation, outputTokens);
    const more = whole - hold.amount;
    const refusal = beyondSpent(hold.payers, whole) ?? beyondHeld(hold.payers, more);
    if (refusal) return refusal;
    for (const account of hold.payers) account.pending += more;
    hold.amount += more;
    hold.held = outputTokens;
    return null;
  }

  protected end(hold: Hold, operation: Extract<LedgerOperation, { op: 'settle' | 'void' }>): Answer {
    const content = JSON.stringify(operation);
    if (hold.ending) {
      if (hold.ending.content === content) return hold.ending.answer;
      return rejected(hold.ending.op === operation.op ? 'idempotency_conflict' : 'reservation_ended');
    }
    const cost = operation.op === 'settle' ? costOf(hold, operation.usage) : 0n;
    const charge = this.withMarkup(cost);
    if (hold.state === 'expired') this.correct(hold, charge);
    else {
      if (operation.op === 'settle') this.charge(hold, charge);
      this.letGo(hold, 'ended');
    }
    if (operation.op === 'void' && operation.lost) this.lose(hold, costOf(hold, operation.lost));
    // The person is told what their own levels leave, never the tenant's remainder.
    const own = hold.payers.filter(({ level }) => level !== 'tenant');
    const answer: Answer =
      operation.op === 'settle' ? { status: 'settled', charge, cost, remaining: leastLeft(own) } : { status: 'voided' };
    hold.ending = { content, op: operation.op, answer };
    return answer;
  }

  /** Nobody's budget pays: the provider's cost, without mark-up, is the tenant's loss. */
  protected lose(hold: Hold, cost: bigint): void {
    const { lossAccount: account, operation } = hold;
    account.posted += cost;
    this.entries.push({ account, kind: 'loss', amount: cost, reservationId: operation.reservationId });
  }

  /** Should what is voided here still come, it comes too late. */
  protected unknown({ op, reservationId }: LedgerOperation): Answer {
    const answer = rejected('reservation_not_found');
    if (op === 'void' && !this.refused.has(reservationId)) this.refused.set(reservationId, { content: '', answer });
    return answer;
  }

  /** After an expiry only the difference to what was charged then. */
  protected correct(hold: Hold, charge: bigint): void {
    this.post(hold, 'correction', charge - hold.charged);
    hold.charged = charge;
  }

  protected letGo(hold: Hold, state: 'ended' | 'expired'): void {
    for (const account of hold.payers) account.pending -= hold.amount;
    hold.state = state;
  }
}

function leastLeft(accounts: Account[], beside: 'spent' | 'spent and held' = 'spent and held'): bigint | null {
  let least: bigint | null = null;
  for (const { limit, posted, pending } of accounts) {
    if (limit === null) continue;
    const left = limit - posted - (beside === 'spent' ? 0n : pending);
    if (least === null || left < least) least = left;
  }
  return least;
}

/** Waiting would not help. */
function beyondSpent(accounts: Account[], needed: bigint): Answer | null {
  for (const { level, limit, posted } of accounts)
    if (limit !== null && needed > limit - posted) return { status: 'refused', code: 'insufficient_quota', level };
  return null;
}

/** Waiting for other holds may help. */
function beyondHeld(accounts: Account[], more: bigint): Answer | null {
  for (const { level, limit, posted, pending } of accounts)
    if (limit !== null && more > limit - posted - pending) return { status: 'refused', code: 'budget_held', level };
  return null;
}

/** Priority is dearer in both. */
function dearestOf({ reach }: ReserveOperation) {
  return PRICES[reach?.serviceTiers.includes('priority') ? 'priority' : 'standard'];
}

/** What the provider said it served; where it said nothing, the dearest that it can have been. */
function pricesOf(hold: Hold, usage: Usage) {
  return usage.serviceTier ? PRICES[usage.serviceTier as Tier] : dearestOf(hold.operation);
}

function estimate(hold: Hold, usage: Usage): bigint {
  const { input, output } = pricesOf(hold, usage);
  const outputHeld = Math.min(hold.held * hold.operation.choices, UNITS_MAX);
  return (
    input * BigInt(usage.meters.uncached_input ?? hold.operation.inputTokensMax) +
    output * BigInt(usage.meters.output_text ?? outputHeld)
  );
}

function costOf(hold: Hold, usage: Usage): bigint {
  if (usage.basis === 'estimated') return estimate(hold, usage);
  const { input, output } = pricesOf(hold, usage);
  return input * BigInt(usage.meters.uncached_input ?? 0) + output * BigInt(usage.meters.output_text ?? 0);
}
