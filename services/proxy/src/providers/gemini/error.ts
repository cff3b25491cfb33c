import { cleanMessage, kindOfStatus, retryAfterMs } from '../failure.ts';
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../json.ts';
import type { FailureKind, UpstreamFailure } from '../provider.ts';

const KIND_BY_STATUS_NAME: Record<string, FailureKind> = {
  INVALID_ARGUMENT: 'invalid_request',
  OUT_OF_RANGE: 'invalid_request',
  FAILED_PRECONDITION: 'permission',
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'model_not_found',
  RESOURCE_EXHAUSTED: 'rate_limited',
  DEADLINE_EXCEEDED: 'timeout',
  UNAVAILABLE: 'overloaded',
  INTERNAL: 'server_error',
  CANCELLED: 'server_error',
};
const API_KEY_REASONS = ['API_KEY_INVALID', 'API_KEY_EXPIRED', 'API_KEY_SERVICE_BLOCKED'];
/** Of a provider's message no more is searched: it may quote what somebody wrote. */
const MESSAGE_READ_MAX = 2_000;
const TOO_LONG = /token count.{0,60}exceeds|exceeds the maximum number of (?:input )?tokens/i;

function kindOf(error: JsonObject, details: JsonObject[], status: number): FailureKind {
  if (details.some((detail) => API_KEY_REASONS.includes(textIn(detail.reason)))) return 'authentication';
  const kind = KIND_BY_STATUS_NAME[textIn(error.status)] ?? kindOfStatus(status);
  if (kind === 'invalid_request' && TOO_LONG.test(textIn(error.message).slice(0, MESSAGE_READ_MAX)))
    return 'context_too_long';
  // A day's quota is spent; a minute's is a rate.
  const violations = details.flatMap((detail) => objectsIn(detail.violations));
  if (kind === 'rate_limited' && violations.some(({ quotaId }) => /PerDay/i.test(textIn(quotaId)))) return 'quota';
  return kind;
}

/** google.rpc.RetryInfo: `34.4s`. */
function retryInfoMs(details: JsonObject[]): number | null {
  for (const detail of details) {
    const seconds = /^(\d{1,7}(?:\.\d{1,9})?)s$/.exec(textIn(detail.retryDelay))?.[1];
    if (seconds) return Math.ceil(Number(seconds) * 1000);
  }
  return null;
}

/**
 * @param error what stands under `error` in a body or in a stream
 * @param status 0 inside a stream
 */
export function failureOf(error: unknown, status: number, headers: Record<string, string> = {}): UpstreamFailure {
  const fields = isObject(error) ? error : {};
  const details = objectsIn(fields.details);
  return {
    kind: kindOf(fields, details, status),
    status,
    message: cleanMessage(textIn(fields.message), 'The provider gave no reason.'),
    param: null,
    retryAfterMs: retryInfoMs(details) ?? retryAfterMs(headers),
  };
}

/** A streaming endpoint may wrap its error in a list. */
export function readError(status: number, headers: Record<string, string>, body: string): UpstreamFailure {
  const parsed = parseJson(body);
  const envelope = Array.isArray(parsed) ? parsed[0] : parsed;
  return failureOf(isObject(envelope) ? envelope.error : undefined, status, headers);
}
