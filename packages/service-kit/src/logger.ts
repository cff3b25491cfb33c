import { type Logger, pino } from 'pino';

/** JSON lines on standard output; credentials are cut out wherever they stand. Never log a prompt or an answer. */
export function createLogger(service: string, level: string): Logger {
  return pino({
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
  });
}
