/** Step 7 for an answer in one piece: read it, translate it, see what it used. */
import type { ApiError } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { ClientAnswer, Translation } from '../surfaces/surface.ts';
import type { Exchange } from '../upstream/exchange.ts';
import type { Bounds } from './bound.ts';
import { estimateUsage, visibleOutputTokens } from './estimate.ts';
import { type Produced, servedTier } from './produced.ts';
import { connectionFailure, upstreamFailureError } from './upstream-failure.ts';

const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

export type AnswerResult =
  | { status: 'answered'; answer: ClientAnswer; produced: Produced }
  /** The answer could not be used; `reason` is for the ledger. */
  | { status: 'failed'; error: ApiError; reason: string }
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
    const answer = order.translation.readAnswer(await exchange.collect(ANSWER_LIMIT_BYTES));
    if ('failure' in answer) {
      const reason = `upstream ${answer.failure.kind}`;
      return { status: 'failed', error: upstreamFailureError(answer.failure), reason };
    }
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
      finishReason: answer.finishReason,
      firstByteMs: order.firstByteMs,
      stopped: order.cutByBudget && answer.finishReason === 'length' ? 'budget' : null,
    };
    return { status: 'answered', answer, produced };
  } catch (error) {
    if (clientGone.aborted) return { status: 'client_closed' };
    const cause = error instanceof Error ? error : new Error(String(error));
    const failure = 'code' in cause ? connectionFailure(cause, true) : proxyError('upstream_error', { cause });
    return { status: 'failed', error: failure, reason: 'the answer was cut or unreadable' };
  } finally {
    clientGone.removeEventListener('abort', leave);
  }
}
