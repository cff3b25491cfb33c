/** How a reservation ends: settled, voided or expired, once; what is known later is a correction. */
import {
  formatEur,
  INPUT_METERS,
  type LedgerOperation,
  type LedgerResult,
  type Meter,
  type MeterCounts,
  OUTPUT_METERS,
  type ServiceTier,
  type SettleOperation,
  type Usage,
} from '@cloudfreedom/contracts';
import { dearestMeters, priceUsage } from '../pricing/price.ts';
import {
  balancesOf,
  type Draft,
  findOverflow,
  hashOf,
  leastRemaining,
  lossAccountOf,
  moveHold,
  post,
  postLoss,
  rejected,
  remember,
} from './draft.ts';
import type { Reservation, UsageRecord } from './reservation.ts';

type VoidOperation = Extract<LedgerOperation, { op: 'void' }>;
type Ending = Pick<
  UsageRecord,
  | 'outcome'
  | 'finishReason'
  | 'firstByteMs'
  | 'totalMs'
  | 'upstreamRequestId'
  | 'waitedMs'
  | 'failedAttempts'
  | 'errorKind'
>;

const BILLING = 'billing';
const CONFLICT = 'This reservation was ended before with other content.';
/** As the contract has it: the most units that one meter may count. */
const UNITS_MAX = 1_000_000_000;
/** The most that the log's column keeps, about 24 days. */
const TOTAL_MS_MAX = 2_147_483_647;

/**
 * The units that are charged. In exact usage a meter that is absent was not used. An estimate may not know: without any
 * input meter the input counts with its upper bound, without any output meter the output counts with all that is held,
 * both at their dearest meters, and server tools with all their calls, so that an estimate without any meter is charged as
 * the whole hold.
 */
function chargedMeters(reservation: Reservation, usage: Usage | null): MeterCounts {
  if (usage?.basis === 'exact') return usage.meters;
  const known = usage?.meters ?? {};
  const dearest = dearestMeters(reservation.terms, reservation);
  const isKnown = (meter: Meter) => known[meter] !== undefined;
  const { serverToolCallsMax } = reservation.reach;
  return {
    ...known,
    ...(!INPUT_METERS.some(isKnown) && { [dearest.input]: reservation.inputTokensMax }),
    ...(!OUTPUT_METERS.some(isKnown) && {
      [dearest.output]: Math.min(reservation.heldOutputTokens * reservation.choices, UNITS_MAX),
    }),
    ...(serverToolCallsMax > 0 && !isKnown('server_tool_call') && { server_tool_call: serverToolCallsMax }),
  };
}

/** The tier that was served, or all that it can have been. */
function possibleTiers(reservation: Reservation, usage: Usage | null): ServiceTier[] {
  return usage?.serviceTier ? [usage.serviceTier] : reservation.reach.serviceTiers;
}

/** @param usage null: nothing is known of it */
function priceOf(reservation: Reservation, usage: Usage | null) {
  return priceUsage(reservation.terms, chargedMeters(reservation, usage), possibleTiers(reservation, usage));
}

function end(draft: Draft, reservation: Reservation, state: 'settled' | 'voided' | 'expired', charge: bigint): void {
  moveHold(draft, reservation, -reservation.holdNanoEur);
  reservation.state = state;
  reservation.endedAt = draft.state.now;
  reservation.usageAt = draft.state.now;
  reservation.chargeNanoEur = charge;
  draft.changed.add(reservation.id);
}

/**
 * Price the usage and log it. A correction of an expiry has a moment of its own in the log.
 * @returns the charge and the cost, nano-euro, and the moment
 */
function record(draft: Draft, reservation: Reservation, usage: Usage | null, ending: Ending) {
  const { now } = draft.state;
  const correctsSettledAt = reservation.usageAt;
  const settledAt = correctsSettledAt ? new Date(Math.max(now.getTime(), correctsSettledAt.getTime() + 1)) : now;
  const meters = chargedMeters(reservation, usage);
  const price = priceOf(reservation, usage);
  const basis = usage?.basis ?? 'estimated';
  const serviceTier = usage?.serviceTier ?? null;
  draft.usage.push({ reservation, settledAt, correctsSettledAt, basis, meters, serviceTier, ...price, ...ending });
  return { ...price, settledAt };
}

/** As the proxy tells it. */
function endingOfSettlement(operation: SettleOperation): Ending {
  const { outcome, finishReason, firstByteMs, totalMs, upstreamRequestId, failedAttempts = [] } = operation;
  return {
    ...{ outcome, finishReason, firstByteMs, totalMs, upstreamRequestId },
    waitedMs: operation.waitedMs ?? null,
    failedAttempts: failedAttempts.length > 0 ? failedAttempts : null,
    errorKind: operation.errorKind ?? null,
  };
}

/** An ending of which no provider told anything. */
function endingOfSilence(draft: Draft, reservation: Reservation, outcome: 'expired' | 'corrected' | 'lost'): Ending {
  const totalMs = Math.min(draft.state.now.getTime() - reservation.openedAt.getTime(), TOTAL_MS_MAX);
  const untold = { waitedMs: null, failedAttempts: null, errorKind: null };
  return { outcome, finishReason: null, firstByteMs: null, totalMs, upstreamRequestId: null, ...untold };
}

function postCharge(draft: Draft, reservation: Reservation, charge: bigint): void {
  const beyond = charge > reservation.holdNanoEur ? charge - reservation.holdNanoEur : 0n;
  const plain = { reason: null, author: null };
  post(draft, reservation, { kind: 'charge', amountNanoEur: charge - beyond, ...plain });
  if (beyond > 0n) post(draft, reservation, { kind: 'overage', amountNanoEur: beyond, ...plain });
}

/** After an expiry: the difference to what was charged then, and the usage row of then gives way to a new one. */
function correct(draft: Draft, reservation: Reservation, charge: bigint, reason: string): void {
  const difference = charge - (reservation.chargeNanoEur ?? 0n);
  post(draft, reservation, { kind: 'correction', amountNanoEur: difference, reason, author: BILLING });
  if (reservation.usageAt) {
    draft.superseded.push({ reservationId: reservation.id, settledAt: reservation.usageAt });
  }
  reservation.chargeNanoEur = charge;
  draft.changed.add(reservation.id);
}

/** A reservation that can take this ending, or the answer to give instead. */
function findEndable(
  draft: Draft,
  operation: SettleOperation | VoidOperation,
  endHash: string,
): Reservation | LedgerResult {
  const reservation = draft.reservations.get(operation.reservationId);
  if (!reservation) return rejected('reservation_not_found', 'This tenant has no such reservation.');
  const { endAnswer } = reservation;
  if (!endAnswer) return reservation;
  if (reservation.endHash === endHash) return endAnswer;
  const sameKind = endAnswer.status === (operation.op === 'settle' ? 'settled' : 'voided');
  return sameKind
    ? rejected('idempotency_conflict', CONFLICT)
    : rejected('reservation_ended', `This reservation has ended: ${endAnswer.status}.`);
}

export function settle(draft: Draft, operation: SettleOperation): LedgerResult {
  const endHash = hashOf(operation);
  const reservation = findEndable(draft, operation, endHash);
  if ('status' in reservation) return reservation;
  const { usage } = operation;
  const overflow = findOverflow(balancesOf(draft, reservation), priceOf(reservation, usage).chargeNanoEur);
  if (overflow) return overflow;
  const price = record(draft, reservation, usage, endingOfSettlement(operation));
  if (reservation.state === 'open') {
    postCharge(draft, reservation, price.chargeNanoEur);
    end(draft, reservation, 'settled', price.chargeNanoEur);
  } else {
    correct(draft, reservation, price.chargeNanoEur, 'settled after its hold expired');
  }
  // This goes to the person: what all others spend together, the tenant's remainder, is none of their business.
  const theirs = balancesOf(draft, reservation).filter(({ level }) => level !== 'tenant');
  const remaining = leastRemaining(theirs);
  reservation.endHash = endHash;
  reservation.endAnswer = {
    status: 'settled',
    charge: formatEur(price.chargeNanoEur),
    cost: formatEur(price.costNanoEur),
    remaining: remaining === null ? null : formatEur(remaining),
  };
  return reservation.endAnswer;
}

/** A void after an expiry. Its row tells readers of the log what was given back, and is not shown as usage. @returns its moment */
function giveBack(draft: Draft, reservation: Reservation): Date {
  const nothing: Usage = { basis: 'exact', meters: {} };
  const { settledAt } = record(draft, reservation, nothing, endingOfSilence(draft, reservation, 'corrected'));
  draft.superseded.push({ reservationId: reservation.id, settledAt });
  correct(draft, reservation, 0n, 'voided after its hold expired');
  return settledAt;
}

/** What the provider may charge though nobody got an answer: its cost is the tenant's, in a row that people don't see. */
function lose(
  draft: Draft,
  reservation: Reservation,
  loss: { usage: Usage; costNanoEur: bigint; reason: string; settledAt: Date },
): void {
  const { usage, costNanoEur, reason, settledAt } = loss;
  draft.usage.push({
    reservation,
    settledAt,
    correctsSettledAt: null,
    basis: usage.basis,
    meters: chargedMeters(reservation, usage),
    serviceTier: usage.serviceTier ?? null,
    chargeNanoEur: 0n,
    costNanoEur,
    ...endingOfSilence(draft, reservation, 'lost'),
  });
  postLoss(draft, reservation, { amountNanoEur: costNanoEur, reason });
}

/**
 * The person owes nothing: the hold is let go, or what an expiry charged is given back. What was lost is the tenant's.
 * Where there is no such reservation it may still be under way: then it comes too late.
 */
export function voidReservation(draft: Draft, operation: VoidOperation, index: number): LedgerResult {
  const endHash = hashOf(operation);
  const reservation = findEndable(draft, operation, endHash);
  if ('status' in reservation) {
    const { reservationId } = operation;
    const isUnknown = !draft.reservations.has(reservationId) && !draft.refusals.has(reservationId);
    if (isUnknown) remember(draft, index, { reservationId, inputHash: '', answer: reservation });
    return reservation;
  }
  const { lost, reason } = operation;
  const costNanoEur = lost ? priceOf(reservation, lost).costNanoEur : 0n;
  const overflow = lost && findOverflow([lossAccountOf(draft, reservation)], costNanoEur);
  if (overflow) return overflow;
  let settledAt = draft.state.now;
  if (reservation.state === 'open') end(draft, reservation, 'voided', 0n);
  // Each row of a reservation has a moment of its own.
  else settledAt = new Date(giveBack(draft, reservation).getTime() + 1);
  if (lost) lose(draft, reservation, { usage: lost, costNanoEur, reason, settledAt });
  reservation.endHash = endHash;
  reservation.endAnswer = { status: 'voided' };
  return reservation.endAnswer;
}

/** What was seen last; nothing where that is more than a balance can keep: there is nobody to refuse it to. */
function lastSeen(draft: Draft, reservation: Reservation): Usage | null {
  if (!reservation.progress) return null;
  const usage: Usage = { ...reservation.progress, basis: 'estimated' };
  return findOverflow(balancesOf(draft, reservation), priceOf(reservation, usage).chargeNanoEur) ? null : usage;
}

/** Nobody has spoken for this hold in time: charge the last progress, or all of the hold, as an estimate. */
export function expire(draft: Draft, reservationId: string): void {
  const reservation = draft.reservations.get(reservationId);
  if (reservation?.state !== 'open' || reservation.expiresAt > draft.state.now) return;
  const usage = lastSeen(draft, reservation);
  const price = record(draft, reservation, usage, endingOfSilence(draft, reservation, 'expired'));
  postCharge(draft, reservation, price.chargeNanoEur);
  end(draft, reservation, 'expired', price.chargeNanoEur);
}
