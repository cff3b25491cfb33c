/** Step 5. The money: billing promises it in one transaction with the check of the credential, or nothing is sent. */
import { randomUUID } from 'node:crypto';
import type { BudgetRefusal, LedgerResult, Locale, ReserveOperation, UsageTask } from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';
import { BillingUnreachable } from '../billing/billing-client.ts';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { Caller } from './authenticate.ts';
import type { Bounds } from './bound.ts';
import type { Parts } from './parts.ts';
import { refusalError } from './refusal.ts';

export interface Reservation {
  reservationId: string;
  /** Output tokens that the budget affords, per choice. */
  ceilingOutputTokens: number;
  /** Output tokens that the hold covers now, per choice. */
  heldOutputTokens: number;
  /** Of the request; null: none. */
  trace: Trace | null;
  subjectId: string;
  apiKeyId: string | null;
}

export interface ReserveOrder {
  requestId: string;
  trace: Trace | null;
  /** From 1. */
  attempt: number;
  streamed: boolean;
  task: UsageTask | null;
  caller: Caller;
  deployment: Deployment;
  bounds: Bounds;
  /** Closer bounds, asked for once and only when a budget refuses these; null: there are none. */
  tighten: (refused: BudgetRefusal) => Promise<Bounds | null>;
  clientGone: AbortSignal;
  /** Of what a refusal says. */
  language: Locale;
}

/**
 * Where only open holds stand in the way it waits in line for them, at most five seconds.
 * @returns null when the client left while waiting: nothing is reserved
 * @throws ApiError of the refusal, or `billing_unavailable`
 */
export async function reserve(
  parts: Pick<Parts, 'ledger' | 'budgetLine' | 'endings' | 'principals'>,
  order: ReserveOrder,
): Promise<Reservation | null> {
  const { caller, deployment } = order;
  let reservationId = '';
  let { bounds } = order;
  let tightened = false;
  // A refused id stays refused: each try has an id of its own.
  const once = () => {
    reservationId = randomUUID();
    return ask(parts, reserveOperation(reservationId, { ...order, bounds }), order.trace);
  };
  const attempt = async () => {
    const answer = await once();
    if (tightened || answer.status !== 'refused' || !answer.budget) return answer;
    tightened = true;
    const closer = await order.tighten(answer.budget);
    if (closer === null || closer.inputTokensMax >= bounds.inputTokensMax) return answer;
    bounds = closer;
    return once();
  };
  const result = await parts.budgetLine.pass(caller.principal, attempt, order.clientGone);
  if (result === null) return null;
  if (result.status === 'granted')
    return {
      reservationId,
      ceilingOutputTokens: result.ceilingOutputTokens,
      heldOutputTokens: result.hold.outputTokens,
      trace: order.trace,
      subjectId: result.subjectId,
      apiKeyId: result.apiKeyId,
    };
  if (result.status !== 'refused')
    throw proxyError('billing_unavailable', { cause: new Error(`reserve answered with ${result.status}`) });
  parts.principals.forget(caller.credential);
  throw refusalError(result, { model: deployment.model.name, language: order.language });
}

export function reserveOperation(
  reservationId: string,
  order: Omit<ReserveOrder, 'tighten' | 'clientGone' | 'language' | 'trace'>,
): ReserveOperation {
  const { caller, deployment, bounds } = order;
  return {
    op: 'reserve',
    reservationId,
    requestId: order.requestId,
    attempt: order.attempt,
    credential: caller.credential,
    model: deployment.model.name,
    deploymentId: deployment.model.id,
    provider: deployment.model.provider,
    simulated: deployment.simulated,
    streamed: order.streamed,
    ...(order.task !== null && { task: order.task }),
    inputTokensMax: bounds.inputTokensMax,
    outputTokensCap: bounds.outputTokensCap,
    outputTokensMin: bounds.outputTokensMin,
    outputTokensSlice: bounds.outputTokensSlice,
    choices: bounds.choices,
    ...(bounds.reach && { reach: bounds.reach }),
  };
}

async function ask(
  parts: Pick<Parts, 'ledger' | 'endings'>,
  operation: ReserveOperation,
  trace: Trace | null,
): Promise<LedgerResult> {
  try {
    return await parts.ledger.ask(operation, trace);
  } catch (error) {
    if (error instanceof BillingUnreachable && error.received) await voidInDoubt(parts, operation.reservationId);
    throw proxyError('billing_unavailable', { cause: error });
  }
}

/**
 * Else the hold of a request that never ran would stand in others' way, expire and be charged. It goes at once: where it
 * comes before its reserve, which may still be under way, billing takes that no more.
 */
async function voidInDoubt(parts: Pick<Parts, 'endings'>, reservationId: string): Promise<void> {
  const operation = { op: 'void', reservationId, reason: 'the answer to the reservation was lost' } as const;
  await parts.endings.add(operation).catch(() => parts.endings.keepInMemory(operation));
}
