/** Waiting for services to be ready. */

/** A machine that is busy with much else starts a service in minutes. */
const READY_TIMEOUT_MS = 300_000;

/** @throws Error where it isn't after five minutes */
export async function waitFor(what: string, isThere: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isThere().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what}: not ready after ${READY_TIMEOUT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const isReady = async (url: string) => (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
