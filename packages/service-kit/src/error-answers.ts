/** How whatever goes wrong becomes an answer: an error of the table, in the body that the route's clients expect. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isDatabaseUnreachable } from './database/unreachable.ts';
import { ApiError, type CommonErrorCode, commonError } from './errors.ts';
import { requestedLanguage } from './language.ts';
import { fieldPath, validationFault } from './validation-fault.ts';

const STATUS_TO_CODE: Record<number, CommonErrorCode> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

export function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const fault = validationFault({
      ...(first?.params as { errors?: [] }),
      code: first?.keyword,
      path: (first?.instancePath ?? '').split('/').filter(Boolean),
      message: first?.message ?? 'not valid',
    });
    const param = fieldPath(fault.path);
    const place = param || error.validationContext;
    return commonError('invalid_request', {
      message: `${place}: ${fault.message}`,
      german: `${place}: ${fault.german ?? fault.message}`,
      ...(param === '' ? {} : { param }),
    });
  }
  if (
    error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    error instanceof SyntaxError ||
    error.code === 'FST_ERR_CTP_INVALID_JSON_BODY'
  )
    return commonError('invalid_request', {
      message: 'The body is not valid JSON.',
      german: 'Der Inhalt ist kein gültiges JSON.',
      cause: error,
    });
  if (isDatabaseUnreachable(error)) return commonError('unavailable', { cause: error });
  const code = STATUS_TO_CODE[error.statusCode ?? 500] ?? 'internal';
  return commonError(code, { cause: error });
}

/** The body of an error where a route's clients expect another one than OpenAI's; undefined: OpenAI's. */
export type ErrorBodyOf = (
  error: ApiError,
  request: Pick<FastifyRequest, 'url' | 'id' | 'headers'>,
) => object | undefined;

type ErrorSender = (error: ApiError, request: FastifyRequest, reply: FastifyReply) => void;

export function errorSender(bodyOf: ErrorBodyOf = () => undefined): ErrorSender {
  return (error, request, reply) => {
    logError(error, request);
    if (error.kind.status === 413) letBodyPass(reply);
    reply
      .status(error.kind.status)
      .headers(error.headers)
      .send(bodyOf(error, request) ?? error.body(requestedLanguage(request.headers['accept-language'])));
  };
}

function logError(error: ApiError, request: FastifyRequest): void {
  // "Not ready" and "a part is away" are states, not faults of this code: no stack.
  const fault = error.kind.status >= 500 && error.code !== 'unavailable';
  const level = fault ? 'error' : error.kind.status >= 500 ? 'warn' : 'debug';
  request.log[level]({ code: error.code, err: error.cause ?? (fault ? error : undefined) }, error.message);
}

/**
 * A client reads the answer only after it has sent its body: closing at once would show it a broken connection
 * instead of the 413. The rest is read and thrown away, within the time limit of a request.
 */
function letBodyPass(reply: FastifyReply): void {
  reply.removeHeader('connection');
  reply.request.raw.resume();
}

/** What Node's parser says -> status and what to do about it. */
const UNREADABLE: Record<string, [status: number, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive whole in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are larger than this service takes.'],
};

/** A connection on which no request could be read is told why, and closed. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, message] = UNREADABLE[error.code ?? ''] ?? [400, 'This is no HTTP request.'];
  const body = JSON.stringify(commonError('invalid_request', { message }).body());
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
