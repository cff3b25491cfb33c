import { formatEur, type LedgerResult, type OperationRefused, type ReserveOperation } from '@cloudfreedom/contracts';
import { figuresOf } from '../budget/limits.ts';
import { affordableOutputTokens, PLAIN_REACH, priceHold, type Terms } from '../pricing/price.ts';
import { type GrantedModel, grantModel, identifyPrincipal, type KnownPrincipal } from './authorize.ts';
import { balancesOf, type Draft, findOverflow, hashOf, leastUnspent, moveHold, rejected, remember } from './draft.ts';
import { type BudgetBalance, HOLD_MS, type Reservation } from './reservation.ts';

const CONFLICT = 'This reservation id was used before with other content; choose a new one.';

/** Hold the input and a slice of output, or say why not. */
export function reserve(draft: Draft, operation: ReserveOperation, index: number): LedgerResult {
  const inputHash = hashOf(operation);
  const earlier = draft.reservations.get(operation.reservationId) ?? draft.refusals.get(operation.reservationId);
  if (earlier) {
    return earlier.inputHash === inputHash ? earlier.answer : rejected('idempotency_conflict', CONFLICT);
  }
  const answer = decideReserve(draft, operation, index, inputHash);
  if (answer.status === 'refused')
    remember(draft, index, { reservationId: operation.reservationId, inputHash, answer });
  return answer;
}

function refuse(code: OperationRefused['code']): OperationRefused {
  return { status: 'refused', code, retryAfterMs: null, budget: null };
}

function decideReserve(draft: Draft, operation: ReserveOperation, index: number, inputHash: string): LedgerResult {
  const principal = identifyPrincipal(draft.state.facts, operation.credential);
  if ('refused' in principal) return refuse(principal.refused);
  const model = grantModel(draft.state.facts, principal, operation);
  if ('refused' in model) return refuse(model.refused);
  const payer = {
    subjectId: principal.user.id,
    apiKeyId: principal.apiKey?.id ?? null,
    periodStart: draft.state.period.start,
  };
  const balances = balancesOf(draft, payer);
  const refuseWith = (code: BlockCode, balance: BudgetBalance, needed: bigint) =>
    refuseForBudget(draft, { code, balance, needed, index, subjectId: payer.subjectId });
  const least = priceHold(model.terms, operation, Math.min(operation.outputTokensMin, operation.outputTokensCap));
  const spent = findSpent(balances, least);
  if (spent) return refuseWith('insufficient_quota', spent, least);

  const ceiling = affordableCeiling(model.terms, operation, balances);
  const held = Math.min(operation.outputTokensSlice, ceiling);
  const wanted = priceHold(model.terms, operation, held);
  const occupied = findOccupied(balances, wanted);
  if (occupied) return refuseWith('budget_held', occupied, wanted);
  const overflow = findOverflow(balances, wanted);
  if (overflow) return overflow;
  const reservation = openReservation(draft, { operation, principal, model, inputHash, ceiling, held });
  draft.reservations.set(reservation.id, reservation);
  draft.opened.add(reservation.id);
  moveHold(draft, reservation, reservation.holdNanoEur);
  return reservation.answer;
}

/**
 * What the whole budget affords, whatever others hold of it now: their holds end, and an answer that was capped by them
 * would have been cut short with the money there.
 */
function affordableCeiling(terms: Terms, operation: ReserveOperation, balances: BudgetBalance[]): number {
  const unspent = leastUnspent(balances);
  if (unspent === null) return operation.outputTokensCap;
  return affordableOutputTokens(terms, operation, unspent, operation.outputTokensCap);
}

type BlockCode = 'insufficient_quota' | 'budget_held';

/** The level that can't afford an amount beside what is spent for good: waiting would not help. */
export function findSpent(balances: BudgetBalance[], nanoEur: bigint): BudgetBalance | undefined {
  return balances.find(
    ({ limitNanoEur, postedNanoEur }) => limitNanoEur !== null && postedNanoEur + nanoEur > limitNanoEur,
  );
}

/** The level where an amount does not fit beside what is spent and held. */
export function findOccupied(balances: BudgetBalance[], moreNanoEur: bigint): BudgetBalance | undefined {
  return balances.find(
    ({ limitNanoEur, postedNanoEur, pendingNanoEur }) =>
      limitNanoEur !== null && postedNanoEur + pendingNanoEur + moreNanoEur > limitNanoEur,
  );
}

/** The refusal with its figures; open holds and the time to wait are filled in after the batch is written. */
export function refuseForBudget(
  draft: Draft,
  block: {
    code: BlockCode;
    balance: BudgetBalance;
    needed: bigint;
    index: number;
    subjectId: string;
  },
): OperationRefused {
  const { balance, subjectId, index } = block;
  const { level, ownerId, periodStart } = balance;
  draft.blocks.push({ index, subjectId, level, ownerId, periodStart });
  const { start, end, timeZone } = draft.state.period;
  return {
    status: 'refused',
    code: block.code,
    retryAfterMs: null,
    budget: {
      level,
      ...figuresOf(balance),
      needed: formatEur(block.needed),
      period: { start: start.toISOString(), end: end.toISOString(), timeZone },
      openHolds: [],
    },
  };
}

function openReservation(
  draft: Draft,
  granted: {
    operation: ReserveOperation;
    principal: KnownPrincipal;
    model: GrantedModel;
    inputHash: string;
    ceiling: number;
    held: number;
  },
): Reservation {
  const { operation, principal, model, ceiling, held } = granted;
  const { now, period } = draft.state;
  const expiresAt = new Date(now.getTime() + HOLD_MS);
  const holdNanoEur = priceHold(model.terms, operation, held);
  const hold = { outputTokens: held, amount: formatEur(holdNanoEur), expiresAt: expiresAt.toISOString() };
  const subjectId = principal.user.id;
  const apiKeyId = principal.apiKey?.id ?? null;
  return {
    id: operation.reservationId,
    requestId: operation.requestId,
    attempt: operation.attempt,
    subjectId,
    apiKeyId,
    productId: principal.product?.id ?? null,
    costCentre: principal.user.costCentre,
    model: operation.model,
    provider: operation.provider,
    upstreamModel: model.deployment.upstreamModel,
    deployment: model.deployment.deployment,
    region: model.deployment.region,
    simulated: operation.simulated,
    streamed: operation.streamed,
    task: operation.task ?? null,
    periodStart: period.start,
    priceVersionId: model.priceVersionId,
    terms: model.terms,
    inputTokensMax: operation.inputTokensMax,
    choices: operation.choices,
    reach: operation.reach ?? PLAIN_REACH,
    ceilingOutputTokens: ceiling,
    heldOutputTokens: held,
    holdNanoEur,
    openedAt: now,
    expiresAt,
    progress: null,
    state: 'open',
    inputHash: granted.inputHash,
    answer: { status: 'granted', ceilingOutputTokens: ceiling, hold, subjectId, apiKeyId },
    endedAt: null,
    chargeNanoEur: null,
    usageAt: null,
    endHash: null,
    endAnswer: null,
  };
}
