/** How long each step of a request took, however it ended. */

export type Step = 'authenticate' | 'limit' | 'resolve' | 'bound' | 'reserve' | 'call' | 'relay' | 'settle';

/** Both by `performance.now()`. */
export interface StepTime {
  step: Step;
  startedAtMs: number;
  endedAtMs: number;
}

export async function timed<T>(steps: StepTime[], step: Step, work: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  try {
    return await work();
  } finally {
    steps.push({ step, startedAtMs, endedAtMs: performance.now() });
  }
}

/** The answer passed on: from the provider's first sign to now. */
export function noteRelay(steps: StepTime[]): void {
  const called = steps.findLast(({ step }) => step === 'call');
  if (called) steps.push({ step: 'relay', startedAtMs: called.endedAtMs, endedAtMs: performance.now() });
}
