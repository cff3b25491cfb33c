/**
 * Deletes what is kept of erased people, now and every minute. The whole list is gone through each time: it has no place
 * that a restored database could have lost, and what came in late (an access token lives ten minutes) goes with the next
 * turn.
 */
import { type Logger, takeTurns } from '@cloudfreedom/service-kit';
import type { ErasureStore } from './erasure.store.ts';

const EVERY_MS = 60_000;
/** While billing doesn't answer, or the database. */
const RETRY_MS = 3_000;

export interface ErasedPeople {
  has(subjectId: string): boolean;
  /** Has the list been gone through since the start? */
  isKnown(): boolean;
  stop(): Promise<void>;
}

export function keepErased(options: {
  store: ErasureStore;
  /** Pages of subject ids. */
  readErasedSubjects: () => AsyncIterable<string[]>;
  logger: Logger;
  everyMs?: number;
}): ErasedPeople {
  const { store, readErasedSubjects, logger, everyMs = EVERY_MS } = options;
  const erased = new Set<string>();
  let known = false;
  let failing = false;
  const stop = takeTurns(async () => {
    try {
      for await (const subjectIds of readErasedSubjects()) {
        for (const id of subjectIds) erased.add(id);
        const gone = await store.erase(subjectIds);
        if (gone > 0) logger.info({ gone }, 'erased people: what was kept of them is deleted');
      }
      known = true;
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ err: error }, 'erased people: the list could not be gone through');
      failing = true;
    }
    return failing ? RETRY_MS : everyMs;
  });
  return {
    has: (subjectId) => erased.has(subjectId),
    isKnown: () => known,
    stop,
  };
}
