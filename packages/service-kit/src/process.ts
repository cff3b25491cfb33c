/** The life of a service's process: start, say where, stop on a signal after running requests are done. */
import type { Logger } from 'pino';
import { ConfigError } from './config.ts';

interface Service {
  listen(address: { host: string; port: number }): Promise<string>;
  close(): Promise<unknown>;
}

export interface RunOptions {
  logger: Logger;
  host: string;
  port: number;
  /** Let go of what the app does not own (pools, timers), after the last request is answered. */
  release: () => Promise<void>;
  /** How long after a signal requests are still taken, while `/health` says 503 to who sends them here. */
  drainMs: number;
  /** How long running requests may take to finish after that. */
  graceMs: number;
}

let ending = false;

/** Whether this process has been told to stop. */
export const isEnding = (): boolean => ending;

/**
 * Listen, and close on SIGTERM or SIGINT: what leads requests here may look elsewhere first, then no new connections, running
 * streams finish, then release, then exit.
 */
export async function runService(app: Service, options: RunOptions): Promise<void> {
  const { logger, drainMs, graceMs } = options;
  const close = () => {
    setTimeout(() => {
      logger.error('requests did not finish in time; exiting');
      process.exit(1);
    }, graceMs).unref();
    app
      .close()
      .then(() => options.release())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'closing failed');
          process.exit(1);
        },
      );
  };
  const stop = (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    logger.info({ signal, drainMs }, 'closing');
    setTimeout(close, drainMs);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await app.listen({ host: options.host, port: options.port });
  logger.info({ host: options.host, port: options.port }, 'listening');
}

/** Entry point of a service: a fault at the start is one readable message, not a stack trace. */
export function main(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    process.stderr.write(
      error instanceof ConfigError ? `${error.message}\n` : `${error instanceof Error ? error.stack : error}\n`,
    );
    process.exit(1);
  });
}
