/** Step 7 for an answer in one piece: read it, translate it, see what it used. */
import { proxyError } from '../errors.ts';
import type { ClientAnswer, Translation } from '../surfaces/surface.ts';
import type { Exchange } from '../upstream/exchange.ts';
import type { AttemptFailure } from './attempt-plan.ts';
import type { Bounds } from './bound.ts';
import { estimateUsage, visibleOutputTokens } from './estimate.ts';
import { type Produced, servedTier } from './produced.ts';
import { connectionFailure, failureOfAttempt } from './upstream-failure.ts';

const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

export type AnswerResult =
  | { status: 'answered'; answer: ClientAnswer; produced: Produced /** The provider's. */; body: string }
  /** The answer could not be used. */
  | { status: 'failed'; failure: AttemptFailure }
  | { status: 'client_closed' };

export async function relayAnswer(order: {
  exchange: Exchange;
  translation: Translation;
  bounds: Bounds;
  /** The budget affords less output than the request wants. */
  cutByBudget: boolean;
  firstByteMs: number;
  clientGone: AbortSignal;
}): Promise<AnswerResult> {
  const { exchange, clientGone } = order;
  const leave = () => exchange.abort();
  clientGone.addEventListener('abort', leave, { once: true });
  try {
    // An abort between two steps has no listener: look first.
    if (clientGone.aborted) leave();
    const body = await exchange.collect(ANSWER_LIMIT_BYTES);
    const answer = order.translation.readAnswer(body);
    if ('failure' in answer) return { status: 'failed', failure: failureOfAttempt(answer.failure) };
    const usage = answer.meters
      ? { basis: 'exact' as const, meters: answer.meters, ...servedTier(answer) }
      : estimateUsage(null, {
          inputTokens: order.bounds.inputTokensEstimate,
          outputTokens: visibleOutputTokens(answer.outputBytes),
        });
    const produced: Produced = {
      outcome: 'completed',
      usage,
      visible: true,
      outcomeUnknown: false,
      errorKind: null,
      finishReason: answer.finishReason,
      firstByteMs: order.firstByteMs,
      stopped: order.cutByBudget && answer.finishReason === 'length' ? 'budget' : null,
    };
    return { status: 'answered', answer, produced, body };
  } catch (error) {
    if (clientGone.aborted) return { status: 'client_closed' };
    const cause = error instanceof Error ? error : new Error(String(error));
    if ('code' in cause) return { status: 'failed', failure: connectionFailure(cause, true) };
    const unreadable = { kind: 'malformed_answer', status: 0, message: '', param: null, retryAfterMs: null } as const;
    const failure = failureOfAttempt(unreadable);
    return { status: 'failed', failure: { ...failure, error: proxyError('upstream_error', { cause }) } };
  } finally {
    clientGone.removeEventListener('abort', leave);
  }
}
