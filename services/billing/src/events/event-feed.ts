/** Wakes the open event streams of this replica when the log has grown. */
import type { Pool } from '@cloudfreedom/service-kit';
import { readNewestSeq } from './directory-events.store.ts';

const POLL_EVERY_MS = 200;

export interface EventFeed {
  /** Resolves when the log's newest number is another than this one, after the time, or when the feed stops. */
  changed(seenSeq: bigint, timeoutMs: number): Promise<void>;
  readonly stopped: boolean;
  stop(): void;
}

/** One small query for all streams, and none while nobody listens; whoever is woken reads for himself. */
export function createEventFeed(pool: Pool): EventFeed {
  const waiting = new Set<{ seenSeq: bigint; wake: () => void }>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const poll = async () => {
    try {
      const newest = await readNewestSeq(pool);
      for (const { seenSeq, wake } of waiting) if (seenSeq !== newest) wake();
    } catch {
      // Each reads for himself and sees what is wrong.
      for (const { wake } of waiting) wake();
    }
    timer = undefined;
    plan();
  };
  const plan = () => {
    if (timer === undefined && waiting.size > 0 && !stopped) timer = setTimeout(poll, POLL_EVERY_MS);
  };
  return {
    changed: (seenSeq, timeoutMs) =>
      new Promise((resolve) => {
        if (stopped) return resolve();
        const waiter = {
          seenSeq,
          wake: () => {
            clearTimeout(timeout);
            waiting.delete(waiter);
            resolve();
          },
        };
        const timeout = setTimeout(waiter.wake, timeoutMs);
        waiting.add(waiter);
        plan();
      }),
    get stopped() {
      return stopped;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      for (const { wake } of waiting) wake();
    },
  };
}
