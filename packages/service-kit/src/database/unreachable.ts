/** Connection failures, Postgres shutting down or starting, too many connections: worth trying again in a moment. */
const CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|08\w{3}|57P0[1-3]|53300)$/;
/** The driver gives these no code. */
const MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;

/** Did a query fail because Postgres can't be reached, rather than because of what was asked? */
export function isDatabaseUnreachable(error: Error & { code?: unknown }): boolean {
  return (typeof error.code === 'string' && CODES.test(error.code)) || MESSAGES.test(error.message);
}
