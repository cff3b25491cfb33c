/** Deletes for good what was deleted a minute ago, now and every half minute. */
import { type Logger, takeTurns } from '@cloudfreedom/service-kit';
import type { DeletionStore } from './deletion.store.ts';

const KEPT_FOR_MS = 60_000;
const EVERY_MS = 30_000;

/** @returns a function that stops it */
export function purgeDeleted(options: {
  store: Pick<DeletionStore, 'purge'>;
  logger: Logger;
  keptForMs?: number;
  everyMs?: number;
}): () => Promise<void> {
  const { store, logger, keptForMs = KEPT_FOR_MS, everyMs = EVERY_MS } = options;
  return takeTurns(async () => {
    await store
      .purge(keptForMs)
      .catch((error: unknown) => logger.warn({ err: error }, 'deleted chats could not be deleted for good'));
    return everyMs;
  });
}
