/** Compare the whole directory copy with PocketBase, at the start and every few minutes. */
import { directorySnapshot } from '@cloudfreedom/contracts';
import type { Logger, Pool } from '@cloudfreedom/service-kit';
import { readHighestRevision, readReconciledAt, writeDirectorySnapshot } from './directory.store.ts';

const EVERY_MS = 120_000;
/** While PocketBase doesn't answer. */
const RETRY_MS = 3_000;
const TIMEOUT_MS = 30_000;

export interface PocketBaseAccess {
  url: string;
  internalSecret: string;
}

/** @throws when PocketBase doesn't answer with a snapshot */
export async function reconcile(
  pool: Pool,
  pocketbase: PocketBaseAccess,
): Promise<{ changed: number; forgotten: number }> {
  const knownBefore = await readHighestRevision(pool);
  const response = await fetch(new URL('/api/internal/directory', pocketbase.url), {
    headers: { authorization: `Bearer ${pocketbase.internalSecret}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`PocketBase answered ${response.status} to the directory request`);
  }
  return writeDirectorySnapshot(pool, directorySnapshot.parse(await response.json()), knownBefore);
}

/** Since when the copy has been whole; billing is ready as soon as it ever was, PocketBase may be down afterwards. */
export function lastReconciledAt(pool: Pool): Promise<Date | null> {
  return readReconciledAt(pool);
}

/** Age of the last whole comparison, seconds; NaN: there was none. */
export async function directoryAgeSeconds(pool: Pool): Promise<number> {
  const at = await readReconciledAt(pool);
  return at ? Math.max(0, (Date.now() - at.getTime()) / 1000) : Number.NaN;
}

/** Reconcile now, then again and again. @returns a function that stops it */
export function keepReconciled(pool: Pool, pocketbase: PocketBaseAccess, logger: Logger): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let failing = false;
  const round = async () => {
    try {
      const { changed, forgotten } = await reconcile(pool, pocketbase);
      if (forgotten > 0) logger.warn({ forgotten }, 'PocketBase had forgotten changes (a restored backup?)');
      if (failing || changed > 0) logger.info({ changed }, 'directory copy compared with PocketBase');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ err: error }, 'directory copy is stale: PocketBase could not be read');
      failing = true;
    }
    if (!stopped) timer = setTimeout(() => (running = round()), failing ? RETRY_MS : EVERY_MS);
  };
  let running = round();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
