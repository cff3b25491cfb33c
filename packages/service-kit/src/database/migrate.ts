import { runner } from 'node-pg-migrate';
import type { Logger } from 'pino';

/**
 * Bring the schema up to date with the SQL files of a folder (`<number>_<name>.sql`, applied once each, in order, under
 * an advisory lock so that several replicas may start together).
 */
export async function migrate(databaseUrl: string, folder: string, logger: Logger): Promise<void> {
  await runner({
    databaseUrl,
    dir: folder,
    direction: 'up',
    migrationsTable: 'schema_migrations',
    checkOrder: true,
    singleTransaction: true,
    logger: {
      debug: () => {},
      info: (text) => logger.debug(text),
      warn: (text) => logger.warn(text),
      error: (text) => logger.error(text),
    },
  });
}
