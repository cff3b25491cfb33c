import { runner } from 'node-pg-migrate';
import type { Logger } from 'pino';

/**
 * Bring the schema up to date with the SQL files of a folder (`<number>_<name>.sql`, applied once each, in order, under
 * an advisory lock so that several replicas may start together). With a `schema` the list of applied files is kept there
 * (made if missing), so that services may share a database; the files name the schema themselves.
 */
export async function migrate(
  databaseUrl: string,
  folder: string,
  logger: Logger,
  options: { schema?: string } = {},
): Promise<void> {
  await runner({
    databaseUrl,
    dir: folder,
    direction: 'up',
    migrationsTable: 'schema_migrations',
    ...(options.schema === undefined ? {} : { migrationsSchema: options.schema, createMigrationsSchema: true }),
    checkOrder: true,
    advisoryLockMode: 'wait',
    singleTransaction: true,
    logger: {
      debug: () => {},
      info: (text) => logger.debug(text),
      warn: (text) => logger.warn(text),
      error: (text) => logger.error(text),
    },
  });
}
