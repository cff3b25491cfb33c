import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** Causes are followed this far; a chain can be a circle. */
const CAUSES = 5;

const CENSOR = '[redacted]';
/** Our own keys and tokens, providers' keys, and the password in a connection's address: drivers quote what they were given. */
const CREDENTIALS = /\b(?:cfs?-|sk-)[\w-]{12,200}|(?<=:\/\/[^\s:/@]{0,60}:)[^\s/@]{1,200}(?=@)/g;
const withoutCredentials = (text: string) => text.replace(CREDENTIALS, CENSOR);

const SECRET_FIELDS = ['authorization', 'password', 'token', 'secret', 'apiKey', 'api_key'];

/**
 * Type, message, code and stack of an error and its causes. Never its other properties: drivers hang their client, with
 * the password of the database, or the arguments of a command on it.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutCredentials(String(error)) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message: withoutCredentials(message),
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack: withoutCredentials(stack) }),
    ...(cause !== undefined && depth < CAUSES && { cause: describeError(cause, depth + 1) }),
  };
}

/** Lines are written together, when there are as many bytes of them or after as many milliseconds: a write costs more than a line. */
const TOGETHER = { minLength: 8_192, periodicFlush: 100 };

/**
 * JSON lines on standard output, written beside the work (what is left is written at the exit). Credentials are cut out of
 * errors and of fields that are called so, three levels deep: a second line of defence. Never log one, a prompt or an answer.
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
        ...['', '*.', '*.*.'].flatMap((level) => SECRET_FIELDS.map((field) => `${level}${field}`)),
      ],
      censor: CENSOR,
    },
  };
  return pino(options, pino.destination({ sync: false, ...TOGETHER }));
}
