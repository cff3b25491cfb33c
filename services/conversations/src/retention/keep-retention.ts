/** Deletes chats that are over the tenant's time, now and every hour. While billing doesn't answer nothing is deleted. */
import { type Logger, takeTurns } from '@cloudfreedom/service-kit';
import type { RetentionStore } from './retention.store.ts';

const EVERY_MS = 3_600_000;
const RETRY_MS = 60_000;

/** @returns a function that stops it */
export function keepRetention(options: {
  store: RetentionStore;
  /** Days; 0: no end. */
  readRetentionDays: () => Promise<number>;
  logger: Logger;
  everyMs?: number;
}): () => Promise<void> {
  const { store, readRetentionDays, logger, everyMs = EVERY_MS } = options;
  let failing = false;
  return takeTurns(async () => {
    try {
      const days = await readRetentionDays();
      const gone = days > 0 ? await store.deleteUntouchedFor(days) : 0;
      if (gone > 0) logger.info({ gone, days }, 'chats over their time are deleted');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ err: error }, 'chats over their time could not be looked for');
      failing = true;
    }
    return failing ? Math.min(RETRY_MS, everyMs) : everyMs;
  });
}
