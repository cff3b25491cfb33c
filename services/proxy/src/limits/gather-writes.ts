import type { Redis } from 'ioredis';

/**
 * Call before asking: what is asked in one turn of the event loop leaves in one write, which costs more than all the
 * questions in it. (ioredis's own way, `enableAutoPipelining`, ends the process when scripts are among them.)
 */
export function gatherWrites(redis: Redis): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    const { stream } = redis;
    stream.cork();
    setImmediate(() => {
      isGathering = false;
      stream.uncork();
    });
  };
}
