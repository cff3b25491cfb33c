/** What went wrong upstream, put into what the client may know: never a key, an address or a provider's internals. */
import { type ApiError, commonError } from '@cloudfreedom/service-kit';
import { proxyError, retryAfterHeader } from '../errors.ts';
import type { FailureKind, UpstreamFailure } from '../providers/provider.ts';
import type { AttemptFailure } from './attempt-plan.ts';

const LONGEST_MESSAGE = 2_000;

export function upstreamFailureError(failure: UpstreamFailure): ApiError {
  const cause = new Error(`upstream: ${failure.kind}, status ${failure.status}: ${failure.message}`);
  const message = failure.message.slice(0, LONGEST_MESSAGE);
  // The request's own fault: the provider's words help.
  const words = { ...(message ? { message } : {}), ...(failure.param === null ? {} : { param: failure.param }), cause };
  const headers = retryAfterHeader(failure.retryAfterMs);
  switch (failure.kind) {
    case 'invalid_request':
      return commonError('invalid_request', words);
    case 'context_too_long':
      return proxyError('context_length_exceeded', words);
    case 'content_filtered':
      return proxyError('content_filtered', words);
    case 'rate_limited':
      return proxyError('upstream_rate_limited', { headers: { ...retryAfterHeader(5_000), ...headers }, cause });
    case 'overloaded':
      return proxyError('upstream_overloaded', { headers, cause });
    case 'timeout':
      return proxyError('upstream_timeout', { cause });
    default:
      return proxyError('upstream_error', { cause });
  }
}

/** A time-out at the provider's own gateway says nothing of the model behind it; an unreadable answer may be charged. */
export function leavesOutcomeUnknown({ kind }: Pick<UpstreamFailure, 'kind'>): boolean {
  return kind === 'timeout' || kind === 'malformed_answer';
}

/** What the provider said it is, as a failed attempt. */
export function failureOfAttempt(failure: UpstreamFailure): AttemptFailure {
  return {
    kind: failure.kind,
    error: upstreamFailureError(failure),
    reason: `upstream ${failure.kind}`,
    retryAfterMs: failure.retryAfterMs,
    outcomeUnknown: leavesOutcomeUnknown(failure),
    keyRests: false,
  };
}

/** A connection that failed: what was sent whole may have been worked on. */
export function connectionFailure(error: Error, sent: boolean): AttemptFailure {
  const timedOut = connectionFailureKind(error) === 'timeout';
  return {
    kind: sent ? (timedOut ? 'timeout' : 'cut') : 'unreachable',
    error: connectionError(error, sent),
    reason: sent ? 'outcome unknown: cut before its end' : 'nothing was sent upstream',
    retryAfterMs: null,
    outcomeUnknown: sent,
    keyRests: false,
  };
}

/** A failure of the connection, which no provider put into words. */
function connectionError(error: Error, sent: boolean): ApiError {
  const kind = connectionFailureKind(error);
  if (kind === 'timeout' && sent) return proxyError('upstream_timeout', { cause: error });
  return proxyError(sent ? 'upstream_error' : 'upstream_unreachable', { cause: error });
}

function connectionFailureKind(error: Error): Extract<FailureKind, 'timeout' | 'server_error'> {
  const code = 'code' in error ? error.code : undefined;
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' ? 'timeout' : 'server_error';
}
