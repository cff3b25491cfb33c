/**
 * Does its work now and again after each pause, one turn at a time.
 * @param turn deals with its own failures; answers how long to pause, in milliseconds
 * @returns ends it, once the turn that is under way is over
 */
export function takeTurns(turn: () => Promise<number>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const one = async () => {
    const pauseMs = await turn();
    if (!stopped)
      timer = setTimeout(() => {
        running = one();
      }, pauseMs);
  };
  let running = one();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
