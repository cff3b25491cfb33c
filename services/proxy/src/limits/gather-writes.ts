import type { Redis } from 'ioredis';

/** Longest that what nobody waits for stays here. */
const SOON_MS = 5;

export interface GatheredWrites {
  /** Call before asking: it leaves at the end of this turn of the event loop. */
  now: () => void;
  /** Call before telling what nobody waits for: it leaves with, and before, the next question. */
  soon: () => void;
}

/**
 * What is asked in one turn of the event loop leaves in one write, which costs more than all the questions in it.
 * (ioredis's own way, `enableAutoPipelining`, ends the process when scripts are among them.)
 */
export function gatherWrites(redis: Redis): GatheredWrites {
  let gathering: Redis['stream'] | null = null;
  let isLeaving = false;
  let timer: NodeJS.Timeout | undefined;
  const gather = () => {
    if (gathering) return;
    gathering = redis.stream;
    gathering.cork();
  };
  const leave = () => {
    clearTimeout(timer);
    timer = undefined;
    isLeaving = false;
    gathering?.uncork();
    gathering = null;
  };
  return {
    now: () => {
      gather();
      if (isLeaving) return;
      isLeaving = true;
      setImmediate(leave);
    },
    soon: () => {
      gather();
      if (!isLeaving) timer ??= setTimeout(leave, SOON_MS);
    },
  };
}
