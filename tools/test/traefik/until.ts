const PATIENCE_MS = 120_000;
const POLL_MS = 100;

/** @throws Error with what `explain` says when it stays false */
export async function until(isSo: () => Promise<boolean>, explain: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(explain());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
