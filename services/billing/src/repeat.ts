import type { Logger } from '@cloudfreedom/service-kit';

/** Do something again and again, never twice at once; a failure is logged and tried at the next turn. @returns a stop */
export function repeat(name: string, work: () => Promise<unknown>, everyMs: number, logger: Logger) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = async () => {
    try {
      await work();
    } catch (error) {
      logger.error({ err: error }, `${name}: this turn failed`);
    }
    plan();
  };
  const plan = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = turn();
    }, everyMs);
  };
  plan();
  return async (): Promise<void> => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
