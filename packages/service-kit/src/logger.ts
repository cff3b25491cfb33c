import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * JSON lines on standard output, written beside the work (what is left is written at the exit); credentials are cut out
 * wherever they stand. Never log a prompt or an answer.
 */
export function createLogger(service: string, level: string): Logger {
  const options: LoggerOptions = {
    name: service,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers["x-api-key"]',
        'req.headers.cookie',
        '*.authorization',
        '*.password',
        '*.token',
      ],
      censor: '[redacted]',
    },
  };
  return pino(options, pino.destination({ sync: false }));
}
