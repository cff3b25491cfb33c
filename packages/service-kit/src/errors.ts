/** Errors with a public half (what the caller reads) and an internal one (what the log keeps). */
import type { ErrorBody, Locale } from '@cloudfreedom/contracts';

export interface ErrorKind {
  status: number;
  /** OpenAI's `type`. */
  type: string;
  message: string;
  /** The same for callers who ask for German (`accept-language`); without one they read `message`. */
  german?: string;
  retryable: boolean;
}

/** Kinds that every service has; a service spreads them into a table of its own. */
export const commonErrors = {
  invalid_request: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The request is not valid.',
    german: 'Die Anfrage ist nicht gültig.',
    retryable: false,
  },
  unauthenticated: {
    status: 401,
    type: 'authentication_error',
    message: 'Sign in or send a valid access token.',
    german: 'Melden Sie sich an, oder senden Sie ein gültiges Zugriffstoken.',
    retryable: false,
  },
  forbidden: {
    status: 403,
    type: 'permission_error',
    message: 'This is not yours to do.',
    german: 'Dazu sind Sie nicht berechtigt.',
    retryable: false,
  },
  not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'There is nothing here.',
    german: 'Hier ist nichts.',
    retryable: false,
  },
  conflict: {
    status: 409,
    type: 'invalid_request_error',
    message: 'This clashes with what is already there.',
    german: 'Das widerspricht dem, was schon da ist.',
    retryable: false,
  },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    message: 'The body is larger than this service takes.',
    german: 'Die Anfrage ist größer, als dieser Dienst annimmt.',
    retryable: false,
  },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    message: 'Send application/json.',
    german: 'Senden Sie application/json.',
    retryable: false,
  },
  rate_limited: {
    status: 429,
    type: 'rate_limit_error',
    message: 'Too many requests.',
    german: 'Zu viele Anfragen.',
    retryable: true,
  },
  internal: {
    status: 500,
    type: 'server_error',
    message: 'Something went wrong here; the request id leads to it in the log.',
    german: 'Hier ist etwas schiefgegangen; die Anfragenummer führt im Protokoll dorthin.',
    retryable: false,
  },
  unavailable: {
    status: 503,
    type: 'server_error',
    message: 'A part that this needs is not reachable. Try again in a moment.',
    german: 'Ein Teil, der dafür nötig ist, ist nicht erreichbar. Versuchen Sie es gleich noch einmal.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorKind>;
export type CommonErrorCode = keyof typeof commonErrors;

/** What is away for a moment, where nobody knows better: about as long as a part needs to be started again. */
const BACK_SOON = { 'retry-after': '2' };

/** An answer that is not a success. `cause` stays in the log; code, message and param go out. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly param: string | null;
  private readonly german: string | undefined;
  readonly headers: Record<string, string>;
  /** More fields beside message, type, code and param (the explained budget, say). */
  readonly details: Record<string, unknown>;

  constructor(
    code: string,
    kind: ErrorKind,
    options: {
      message?: string;
      german?: string;
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
    this.german = options.german ?? (options.message === undefined ? kind.german : undefined);
    this.headers = { ...(kind.status === 503 && kind.retryable && BACK_SOON), ...options.headers };
    this.details = options.details ?? {};
  }

  /** @param language of the caller; English where there are no words in it */
  body(language: Locale = 'en'): ErrorBody {
    const message = language === 'de' ? (this.german ?? this.message) : this.message;
    return {
      error: { message, type: this.kind.type, code: this.code, param: this.param, ...this.details },
    };
  }
}

/** An ApiError of one of the common kinds. */
export function commonError(code: CommonErrorCode, options?: ConstructorParameters<typeof ApiError>[2]): ApiError {
  return new ApiError(code, commonErrors[code], options);
}
