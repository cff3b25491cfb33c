/** Step 8. The end of a reservation, durable before the client has its answer whole: in billing, else in the outbox. */
import {
  type ChargeNote,
  FAILED_ATTEMPTS_MAX,
  type FailedAttempt,
  type LedgerOperation,
  type LedgerResult,
  type Usage,
} from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { Parts } from './parts.ts';
import type { Produced } from './produced.ts';
import type { Reservation } from './reserve.ts';

/** Billing may take this long; after it the outbox takes the operation. Both having it is harmless. */
const BILLING_PATIENCE_MS = 2_000;
const LONGEST_FINISH_REASON = 60;

export type EndingParts = Pick<Parts, 'ledger' | 'endings' | 'logger'>;

/**
 * Settle what was produced.
 * @returns the charge, or null when it is not known yet (the settlement is in the outbox)
 * @throws ApiError `settlement_unavailable` when neither billing nor the outbox took it
 */
export async function settle(
  parts: EndingParts,
  order: {
    reservation: Reservation;
    produced: Produced;
    requestId: string;
    simulated: boolean;
    totalMs: number;
    upstreamRequestId: string | null;
    /** From the request to the call of this provider. */
    waitedMs: number;
    failedAttempts: FailedAttempt[];
    /** The client gets an error instead of the answer when this throws. */
    answerWithheld: boolean;
  },
): Promise<ChargeNote | null> {
  const { produced, reservation } = order;
  const { reservationId } = reservation;
  const operation: LedgerOperation = {
    op: 'settle',
    reservationId,
    usage: produced.usage,
    outcome: produced.outcome,
    // The provider's free text; Postgres can't store U+0000.
    finishReason: produced.finishReason?.replaceAll('\0', '').slice(0, LONGEST_FINISH_REASON) ?? null,
    firstByteMs: produced.firstByteMs,
    totalMs: order.totalMs,
    upstreamRequestId: order.upstreamRequestId,
    waitedMs: order.waitedMs,
    ...(order.failedAttempts.length > 0 && { failedAttempts: order.failedAttempts.slice(-FAILED_ATTEMPTS_MAX) }),
    ...(produced.errorKind !== null && { errorKind: produced.errorKind }),
  };
  const result = await end(parts, operation, reservation.trace).catch((error: unknown) => {
    // No person pays for an answer that is withheld; what was seen of a stream is owed.
    const reason = 'the answer was withheld: its settlement could not be stored';
    const withheld: LedgerOperation = { op: 'void', reservationId, reason, lost: produced.usage };
    parts.endings.keepInMemory(order.answerWithheld ? withheld : operation);
    throw proxyError('settlement_unavailable', { cause: error });
  });
  if (result?.status !== 'settled') return null;
  return {
    charge_eur: result.charge,
    remaining_eur: result.remaining,
    request_id: order.requestId,
    simulated: order.simulated,
  };
}

/**
 * The person owes nothing. Throws nothing.
 * @param lost what the provider may charge for it all the same: the tenant's loss
 */
export async function giveBack(
  parts: EndingParts,
  reservation: Reservation,
  reason: string,
  lost?: Usage,
): Promise<void> {
  const { reservationId } = reservation;
  const operation: LedgerOperation = { op: 'void', reservationId, reason, ...(lost && { lost }) };
  await end(parts, operation, reservation.trace).catch(() => parts.endings.keepInMemory(operation));
}

/** @throws when neither billing nor the outbox took it */
async function end(parts: EndingParts, operation: LedgerOperation, trace: Trace | null): Promise<LedgerResult | null> {
  const answer = await askWithPatience(parts, operation, trace);
  if (answer?.status === 'settled' || answer?.status === 'voided') return answer;
  const { reservationId } = operation;
  const rejectedBecause = answer ? describe(answer) : undefined;
  if (rejectedBecause) parts.logger.error({ reservationId, rejectedBecause }, 'billing refused the end of a hold');
  await parts.endings.add(operation, rejectedBecause ? { rejectedBecause } : {});
  return null;
}

async function askWithPatience(
  parts: EndingParts,
  operation: LedgerOperation,
  trace: Trace | null,
): Promise<LedgerResult | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), BILLING_PATIENCE_MS);
  });
  const answer = parts.ledger.ask(operation, trace).catch((error: unknown) => {
    parts.logger.warn({ err: error, reservationId: operation.reservationId }, 'billing did not take a settlement');
    return null;
  });
  const result = await Promise.race([answer, patience]);
  clearTimeout(timer);
  return result;
}

function describe(result: LedgerResult): string {
  return result.status === 'rejected' ? `${result.code}: ${result.message}` : result.status;
}
