/**
 * Deletes what is kept of erased people, now and every hour. The whole list is gone through each time: it has no place
 * that a restored database could have lost, and what came in late goes with the next turn. Nobody goes for not being
 * found: only who stands on a list that PocketBase answered whole.
 */
import { type Logger, type Pool, takeTurns } from '@cloudfreedom/service-kit';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { forgetPeople } from './person.store.ts';

const EVERY_MS = 3_600_000;
/** While PocketBase doesn't answer, or the database. */
const RETRY_MS = 30_000;
const PEOPLE_PER_STATEMENT = 1_000;

interface Parts {
  pool: Pool;
  pocketbase: Pick<PocketBaseClient, 'erasedSubjects'>;
}

/** @returns how many rows went @throws when PocketBase doesn't answer with its list, or the database not at all */
export async function forgetErased({ pool, pocketbase }: Parts): Promise<number> {
  const subjectIds = await pocketbase.erasedSubjects();
  let gone = 0;
  for (let first = 0; first < subjectIds.length; first += PEOPLE_PER_STATEMENT)
    gone += await forgetPeople(pool, subjectIds.slice(first, first + PEOPLE_PER_STATEMENT));
  return gone;
}

/** @returns ends it, once the turn that is under way is over */
export function keepForgetting(
  parts: Parts & { logger: Logger; everyMs?: number; retryMs?: number },
): () => Promise<void> {
  const { logger, everyMs = EVERY_MS, retryMs = RETRY_MS } = parts;
  let failing = false;
  return takeTurns(async () => {
    try {
      const gone = await forgetErased(parts);
      if (gone > 0) logger.info({ gone }, 'erased people: what was kept of them is deleted');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ err: error }, 'erased people: the list could not be gone through; trying again');
      failing = true;
    }
    return failing ? retryMs : everyMs;
  });
}
