/** Errors with a public half (what the caller reads) and an internal one (what the log keeps). */
import type { ErrorBody } from '@cloudfreedom/contracts';

export interface ErrorKind {
  status: number;
  /** OpenAI's `type`. */
  type: string;
  message: string;
  retryable: boolean;
}

/** Kinds that every service has; a service spreads them into a table of its own. */
export const commonErrors = {
  invalid_request: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The request is not valid.',
    retryable: false,
  },
  unauthenticated: {
    status: 401,
    type: 'authentication_error',
    message: 'Sign in or send a valid access token.',
    retryable: false,
  },
  forbidden: { status: 403, type: 'permission_error', message: 'This is not yours to do.', retryable: false },
  not_found: { status: 404, type: 'invalid_request_error', message: 'There is nothing here.', retryable: false },
  conflict: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This clashes with what is already there.',
    retryable: false,
  },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    message: 'The body is larger than this service takes.',
    retryable: false,
  },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    message: 'Send application/json.',
    retryable: false,
  },
  rate_limited: { status: 429, type: 'rate_limit_error', message: 'Too many requests.', retryable: true },
  internal: {
    status: 500,
    type: 'server_error',
    message: 'Something went wrong here; the request id leads to it in the log.',
    retryable: false,
  },
  unavailable: {
    status: 503,
    type: 'server_error',
    message: 'A part that this needs is not reachable. Try again in a moment.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorKind>;
export type CommonErrorCode = keyof typeof commonErrors;

/** An answer that is not a success. `cause` stays in the log; code, message and param go out. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly param: string | null;
  readonly headers: Record<string, string>;
  /** More fields beside message, type, code and param (the explained budget, say). */
  readonly details: Record<string, unknown>;

  constructor(
    code: string,
    kind: ErrorKind,
    options: {
      message?: string;
      param?: string;
      headers?: Record<string, string>;
      details?: Record<string, unknown>;
      cause?: unknown;
    } = {},
  ) {
    super(options.message ?? kind.message, { cause: options.cause });
    this.code = code;
    this.kind = kind;
    this.param = options.param ?? null;
    this.headers = options.headers ?? {};
    this.details = options.details ?? {};
  }

  body(): ErrorBody {
    return {
      error: { message: this.message, type: this.kind.type, code: this.code, param: this.param, ...this.details },
    };
  }
}

/** An ApiError of one of the common kinds. */
export function commonError(code: CommonErrorCode, options?: ConstructorParameters<typeof ApiError>[2]): ApiError {
  return new ApiError(code, commonErrors[code], options);
}
