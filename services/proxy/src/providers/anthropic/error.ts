import { cleanMessage, kindOfStatus, retryAfterMs } from '../failure.ts';
import { isObject, parseJson, textIn } from '../json.ts';
import type { FailureKind, UpstreamFailure } from '../provider.ts';

const KIND_BY_TYPE: Record<string, FailureKind> = {
  invalid_request_error: 'invalid_request',
  request_too_large: 'invalid_request',
  authentication_error: 'authentication',
  permission_error: 'permission',
  billing_error: 'quota',
  not_found_error: 'model_not_found',
  rate_limit_error: 'rate_limited',
  timeout_error: 'timeout',
  overloaded_error: 'overloaded',
  api_error: 'server_error',
};

/** Anthropic has one type for every fault of a request; its words say which. */
const KIND_BY_WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /prompt is too long|exceeds? (?:the )?(?:model's )?context|input length and `?max_tokens`? exceed/i,
    'context_too_long',
  ],
  [/content filtering policy/i, 'content_filtered'],
  [/credit balance is too low|usage limits?/i, 'quota'],
];

/**
 * @param error what stands under `error` in a body or in an event
 * @param status 0 inside a stream
 */
export function failureOf(error: unknown, status: number, headers: Record<string, string> = {}): UpstreamFailure {
  const fields = isObject(error) ? error : {};
  const words = textIn(fields.message);
  let kind = KIND_BY_TYPE[textIn(fields.type)] ?? kindOfStatus(status);
  if (kind === 'invalid_request') kind = KIND_BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? kind;
  return {
    kind,
    status,
    message: cleanMessage(words, 'The provider gave no reason.'),
    param: null,
    retryAfterMs: retryAfterMs(headers),
  };
}

export function readError(status: number, headers: Record<string, string>, body: string): UpstreamFailure {
  const parsed = parseJson(body);
  return failureOf(isObject(parsed) ? parsed.error : undefined, status, headers);
}
