/** What the proxy answers when it can't: code -> status, OpenAI's type, public message, is trying again of use. */
import { ApiError, type ErrorKind } from '@cloudfreedom/service-kit';

const proxyErrors = {
  missing_api_key: {
    status: 401,
    type: 'invalid_request_error',
    message:
      "You didn't provide an API key. Send it in the Authorization header using Bearer auth (Authorization: Bearer cf-…), or as x-api-key.",
    retryable: false,
  },
  invalid_api_key: {
    status: 401,
    type: 'invalid_request_error',
    message: 'Incorrect API key provided: it is unknown, revoked or expired.',
    retryable: false,
  },
  invalid_open_webui_user: {
    status: 401,
    type: 'invalid_request_error',
    message: "X-OpenWebUI-User-Jwt is too old, or not signed with this tenant's secret.",
    retryable: false,
  },
  unknown_open_webui_user: {
    status: 401,
    type: 'invalid_request_error',
    message:
      'Nobody is known for this account at Open WebUI. It is learnt when its owner, signed in by browser, opens Open WebUI.',
    retryable: false,
  },
  foreign_open_webui_user: {
    status: 403,
    type: 'permission_error',
    message: "This account at Open WebUI is somebody else's.",
    retryable: false,
  },
  subject_suspended: {
    status: 403,
    type: 'permission_error',
    message: 'This account is suspended. Ask the administrator of your organisation.',
    retryable: false,
  },
  tenant_suspended: {
    status: 403,
    type: 'permission_error',
    message: 'This organisation is suspended.',
    retryable: false,
  },
  tenant_expired: {
    status: 403,
    type: 'permission_error',
    message: "This organisation's demo has ended.",
    retryable: false,
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    message: 'Too many requests.',
    retryable: true,
  },
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'The model does not exist or you do not have access to it.',
    retryable: false,
  },
  model_not_priced: {
    status: 404,
    type: 'invalid_request_error',
    message: 'The model has no price yet, so it is not served. Ask the administrator to set one.',
    retryable: false,
  },
  previous_response_not_found: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The previous response is not kept here.',
    retryable: false,
  },
  item_not_found: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The item is not kept here.',
    retryable: false,
  },
  response_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'The response is not kept here.',
    retryable: false,
  },
  content_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'Nothing is kept of this request.',
    retryable: false,
  },
  content_sealed: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This request was encrypted with a key that this proxy does not have any more.',
    retryable: false,
  },
  look_not_noted: {
    status: 503,
    type: 'server_error',
    message: 'The audit log could not be written, so nothing is shown. Try again in a moment.',
    retryable: true,
  },
  context_length_exceeded: {
    status: 400,
    type: 'invalid_request_error',
    message: "The messages are longer than the model's context.",
    retryable: false,
  },
  unsupported_parameter: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The model does not support a parameter of this request.',
    retryable: false,
  },
  /** Anthropic's word, which lets its SDKs go on with the whole conversation in each request. */
  thread_unsupported_request: {
    status: 400,
    type: 'invalid_request_error',
    message: 'Conversations are not kept at the provider here: send the whole conversation without `thread`.',
    retryable: false,
  },
  content_filtered: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The provider refused this content.',
    retryable: false,
  },
  idempotency_key_used: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This Idempotency-Key belongs to another request.',
    retryable: false,
  },
  idempotency_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'The Idempotency-Key could not be recorded, so nothing was sent to the model. Try again in a moment.',
    retryable: true,
  },
  insufficient_quota: {
    status: 429,
    type: 'insufficient_quota',
    message: 'The budget is spent.',
    retryable: false,
  },
  budget_held: {
    status: 429,
    type: 'rate_limit_error',
    message: 'The rest of the budget is held for requests that are running.',
    retryable: true,
  },
  billing_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'The budget could not be checked, so nothing was sent to the model. Try again in a moment.',
    retryable: true,
  },
  provider_key_rejected: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The provider does not take this key. Nothing was stored.',
    retryable: false,
  },
  provider_key_untested: {
    status: 502,
    type: 'server_error',
    message:
      'The provider could not be asked about this key. Nothing was stored; send ?test=false to store it untested.',
    retryable: true,
  },
  provider_key_unused: {
    status: 400,
    type: 'invalid_request_error',
    message: 'No model uses this key name yet. Add the model first, or send ?test=false.',
    german:
      'Noch kein Modell verwendet diesen Schlüsselnamen. Legen Sie zuerst das Modell an, oder senden Sie ?test=false.',
    retryable: false,
  },
  provider_keys_not_configured: {
    status: 503,
    type: 'server_error',
    message: 'This proxy stores no keys: its PROVIDER_KEY_ENCRYPTION_KEY is not set.',
    retryable: false,
  },
  settlement_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'The usage of this answer could not be recorded. Try again in a moment.',
    retryable: true,
  },
  upstream_error: {
    status: 502,
    type: 'server_error',
    message: 'The provider of this model could not answer.',
    retryable: true,
  },
  upstream_unreachable: {
    status: 502,
    type: 'server_error',
    message: 'The provider of this model is not reachable.',
    retryable: true,
  },
  upstream_rate_limited: {
    status: 429,
    type: 'rate_limit_error',
    message: 'The provider of this model takes no more requests at the moment.',
    retryable: true,
  },
  upstream_overloaded: {
    status: 503,
    type: 'server_error',
    message: 'The provider of this model is overloaded.',
    retryable: true,
  },
  upstream_timeout: {
    status: 504,
    type: 'server_error',
    message: 'The provider of this model did not answer in time.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorKind>;
export type ProxyErrorCode = keyof typeof proxyErrors;

/**
 * An ApiError of the table. What a repetition can't mend says so in `x-should-retry`, which OpenAI's SDKs obey: they
 * would repeat every 409, 429 and 5xx by themselves. */
export function proxyError(code: ProxyErrorCode, options: ConstructorParameters<typeof ApiError>[2] = {}): ApiError {
  const kind = proxyErrors[code];
  const headers = (kind.status === 429 || kind.status === 409) && !kind.retryable ? { 'x-should-retry': 'false' } : {};
  return new ApiError(code === 'missing_api_key' ? 'invalid_api_key' : code, kind, {
    ...options,
    headers: { ...headers, ...options.headers },
  });
}

/** OpenAI's words for it, which its clients look for. */
export function modelNotFound(name: string): ApiError {
  return proxyError('model_not_found', {
    message: `The model \`${name}\` does not exist or you do not have access to it.`,
    param: 'model',
  });
}

/** Whole seconds, at least 1. */
export const retryAfterSeconds = (retryAfterMs: number): number => Math.max(1, Math.ceil(retryAfterMs / 1000));

export function retryAfterHeader(retryAfterMs: number | null): Record<string, string> {
  return retryAfterMs === null ? {} : { 'retry-after': String(retryAfterSeconds(retryAfterMs)) };
}
