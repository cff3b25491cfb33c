import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** Causes are followed this far; a chain can be a circle. */
const CAUSES = 5;

/**
 * Type, message, code and stack of an error and its causes. Never its other properties: drivers hang their client, with
 * the password of the database, or the arguments of a command on it.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause !== undefined && depth < CAUSES && { cause: describeError(cause, depth + 1) }),
  };
}

/** Lines are written together, when there are as many bytes of them or after as many milliseconds: a write costs more than a line. */
const TOGETHER = { minLength: 8_192, periodicFlush: 100 };

/**
 * JSON lines on standard output, written beside the work (what is left is written at the exit); credentials are cut out
 * wherever they stand. Never log a prompt or an answer.
 */
export function createLogger(service: string, level: string): Logger {
  const options: LoggerOptions = {
    name: service,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers["x-api-key"]',
        'req.headers.cookie',
        'req.headers["x-cloudfreedom-service-key"]',
        'req.headers["x-openwebui-user-jwt"]',
        '*.authorization',
        '*.password',
        '*.token',
      ],
      censor: '[redacted]',
    },
  };
  return pino(options, pino.destination({ sync: false, ...TOGETHER }));
}
