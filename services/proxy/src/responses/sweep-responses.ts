/** Deletes kept responses, requests and answers whose time is over, and all that is kept of people who were erased. */
import type { Logger } from '@cloudfreedom/service-kit';
import type { KeptResponseStore } from './kept-response.store.ts';

const EVERY_MS = 60_000;

export interface Sweep {
  store: Pick<KeptResponseStore, 'deleteOlderThan' | 'deleteSubjects'>;
  /** What else is kept of people. */
  kept: { deleteSubjects(subjectIds: string[]): Promise<unknown> }[];
  retentionDays: () => Promise<number>;
  /** Requests and answers, which have a time of their own. */
  contents: { deleteOlderThan(days: number): Promise<number>; deleteSubjects(subjectIds: string[]): Promise<number> };
  contentLogDays: () => Promise<number>;
  /** Pages of subject ids: everybody of this tenant who was erased. */
  readErasedSubjects: () => AsyncIterable<string[]>;
}

/** @returns how many were deleted @throws when billing or the database does not answer */
export async function sweepResponses(options: Sweep): Promise<number> {
  const { store, kept, retentionDays, contents, contentLogDays, readErasedSubjects } = options;
  let deleted = 0;
  // The whole list each time: a restored database may hold anybody again.
  for await (const subjectIds of readErasedSubjects()) {
    deleted += await store.deleteSubjects(subjectIds);
    deleted += await contents.deleteSubjects(subjectIds);
    for (const one of kept) await one.deleteSubjects(subjectIds);
  }
  // A rule of nothing takes all that an earlier rule had allowed.
  deleted += await contents.deleteOlderThan(await contentLogDays());
  return deleted + (await store.deleteOlderThan(await retentionDays()));
}

/** Sweeps every minute. What is too old is not found before either. @returns ends it */
export function keepSweeping(options: Sweep & { logger: Logger }): () => Promise<void> {
  const { logger } = options;
  let running: Promise<void> = Promise.resolve();
  const sweep = async () => {
    try {
      const deleted = await sweepResponses(options);
      if (deleted > 0) logger.info({ deleted }, 'what was kept of requests was deleted');
    } catch (error) {
      logger.warn({ err: error }, 'what is kept of requests could not be gone through; trying again in a minute');
    }
  };
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
