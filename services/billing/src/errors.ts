/** Every error that billing answers with: code -> status, public message, retryable. */
import { ApiError, commonErrors, type ErrorKind } from '@cloudfreedom/service-kit';

export const billingErrors = {
  ...commonErrors,
  invalid_service_token: {
    status: 401,
    type: 'authentication_error',
    message: "Send a valid service token of the tenant: 'authorization: Bearer cfs-…'.",
    retryable: false,
  },
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    message: 'This API key is unknown, revoked or expired.',
    retryable: false,
  },
  account_suspended: {
    status: 403,
    type: 'permission_error',
    message: 'This account or its organisation is suspended.',
    retryable: false,
  },
  tenant_expired: {
    status: 403,
    type: 'permission_error',
    message: "This organisation's demo has ended.",
    retryable: false,
  },
  invalid_signature: {
    status: 401,
    type: 'authentication_error',
    message: 'x-signature is not the HMAC-SHA256 (hex) of this body under the shared secret.',
    retryable: false,
  },
  service_token_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'This tenant has no such service token.',
    retryable: false,
  },
  tenant_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'There is no such tenant here.',
    retryable: false,
  },
  usage_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'This tenant has no charged request of this id.',
    retryable: false,
  },
  price_version_exists: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This model has a price list of that very moment already; price lists are followed, never changed.',
    retryable: false,
  },
  subject_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'This tenant has nobody of this id.',
    retryable: false,
  },
  beyond_tenant_budget: {
    status: 409,
    type: 'invalid_request_error',
    message: 'The tenant has less than this left in this month.',
    retryable: false,
  },
  amount_too_large: {
    status: 400,
    type: 'invalid_request_error',
    message: 'amount: together with what is there, more than 9.2 billion euro.',
    retryable: false,
  },
  idempotency_conflict: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This id was used before with other content; choose a new one.',
    retryable: false,
  },
  request_pending: {
    status: 409,
    type: 'invalid_request_error',
    message: 'Your last request has not been decided yet.',
    retryable: false,
  },
  request_decided: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This request was decided before.',
    retryable: false,
  },
} as const satisfies Record<string, ErrorKind>;

export function billingError(
  code: keyof typeof billingErrors,
  options?: ConstructorParameters<typeof ApiError>[2],
): ApiError {
  return new ApiError(code, billingErrors[code], options);
}
