import { cleanMessage, kindOfStatus, retryAfterMs } from '../failure.ts';
import { isObject, parseJson, textIn } from '../json.ts';
import type { FailureKind, UpstreamFailure } from '../provider.ts';

const KIND_BY_CODE: Record<string, FailureKind> = {
  context_length_exceeded: 'context_too_long',
  content_filter: 'content_filtered',
  content_policy_violation: 'content_filtered',
  invalid_prompt: 'content_filtered',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  rate_limit_exceeded: 'rate_limited',
  invalid_api_key: 'authentication',
  model_not_found: 'model_not_found',
  server_error: 'server_error',
  internal_error: 'server_error',
  server_overloaded: 'overloaded',
  slow_down: 'overloaded',
};

const KIND_BY_TYPE: Record<string, FailureKind> = {
  insufficient_quota: 'quota',
  invalid_request_error: 'invalid_request',
  authentication_error: 'authentication',
  permission_error: 'permission',
  rate_limit_error: 'rate_limited',
  overloaded_error: 'overloaded',
};

/**
 * @param error what stands under `error` in a body or in a stream
 * @param status 0 inside a stream
 */
export function failureOf(error: unknown, status: number, headers: Record<string, string> = {}): UpstreamFailure {
  const fields = isObject(error) ? error : { message: error };
  const kind =
    KIND_BY_CODE[textIn(fields.code)] ??
    (status === 0 ? KIND_BY_TYPE[textIn(fields.type)] : undefined) ??
    (fields.type === 'insufficient_quota' ? 'quota' : kindOfStatus(status));
  return {
    kind,
    status,
    message: cleanMessage(textIn(fields.message), 'The provider gave no reason.'),
    param: typeof fields.param === 'string' ? fields.param : null,
    retryAfterMs: retryAfterMs(headers),
  };
}

export function readError(status: number, headers: Record<string, string>, body: string): UpstreamFailure {
  const parsed = parseJson(body);
  return failureOf(isObject(parsed) ? parsed.error : undefined, status, headers);
}
