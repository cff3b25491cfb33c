/** Errors in Anthropic's shape. Its SDKs choose their class by the status and show `details.error_code`. */
import type { ApiError } from '@cloudfreedom/service-kit';

const TYPE_BY_STATUS: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

function typeOf({ code, kind }: ApiError): string {
  if (code === 'insufficient_quota') return 'billing_error';
  if (code === 'upstream_overloaded') return 'overloaded_error';
  return TYPE_BY_STATUS[kind.status] ?? (kind.status < 500 ? 'invalid_request_error' : 'api_error');
}

/** @param requestId null inside a stream, whose headers carried it */
export function messagesError(error: ApiError, requestId: string | null) {
  const { code, param, message, details } = error;
  return {
    type: 'error',
    error: {
      type: typeOf(error),
      message,
      details: { error_code: code, ...(param === null ? {} : { param }), ...details },
    },
    ...(requestId === null ? {} : { request_id: requestId }),
  };
}
