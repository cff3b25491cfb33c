/** Compare the whole directory copy with PocketBase, at the start and every few minutes. */
import { DIRECTORY_COLLECTIONS, type DirectoryPage, directoryPage, revisionsText } from '@cloudfreedom/contracts';
import { type Logger, type Pool, sha256Hex } from '@cloudfreedom/service-kit';
import { exchangeErasures } from '../erasures/erasures.ts';
import {
  finishComparison,
  type KnownRecords,
  readHighestRevision,
  readKnownPage,
  readReconciledAt,
  writeDirectoryPage,
} from './directory.store.ts';

const EVERY_MS = 120_000;
/** While PocketBase doesn't answer. */
const RETRY_MS = 3_000;
const TIMEOUT_MS = 30_000;
/** Records: what is read, checked and written at once, while requests wait for the processor and changes for their turn. */
const PAGE_LIMIT = 2_000;

export interface PocketBaseAccess {
  url: string;
  internalSecret: string;
}

/** A page, and what the copy had of it: where that was all of it, in the same revisions, the page comes without records. */
async function readPage(
  pool: Pool,
  pocketbase: PocketBaseAccess,
  place: { after: string; limit: number },
): Promise<{ page: DirectoryPage; known: KnownRecords }> {
  const known = await readKnownPage(pool, place.after, place.limit);
  const url = new URL('/api/internal/directory-pages', pocketbase.url);
  const query = { limit: String(place.limit), after: place.after, known: sha256Hex(revisionsText(known)) };
  url.search = new URLSearchParams(query).toString();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${pocketbase.internalSecret}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`PocketBase answered ${response.status} to the directory request`);
  }
  return { page: directoryPage.parse(await response.json()), known };
}

/**
 * Erasures first: whoever goes because of them is not in the directory any more. Each page is applied by itself; nothing
 * is buried before the last one has come.
 * @throws when PocketBase doesn't answer with its list of erasures or a page
 */
export async function reconcile(
  pool: Pool,
  pocketbase: PocketBaseAccess,
  limit = PAGE_LIMIT,
): Promise<{ changed: number; forgotten: number }> {
  await exchangeErasures(pool, pocketbase);
  const knownBefore = await readHighestRevision(pool);
  let { page, known } = await readPage(pool, pocketbase, { after: '', limit });
  const { rev } = page;
  const upTo = Math.max(rev, knownBefore);
  const seen: Record<(typeof DIRECTORY_COLLECTIONS)[number], string[]> = {
    tenants: [],
    products: [],
    users: [],
    api_keys: [],
    models: [],
  };
  let [changed, forgotten] = [0, 0];
  for (;;) {
    if (!page.unchanged) {
      const written = await writeDirectoryPage(pool, page, upTo);
      changed += written.changed;
      forgotten += written.forgotten;
    }
    const onPage = page.unchanged ? known : page;
    for (const collection of DIRECTORY_COLLECTIONS) for (const { id } of onPage[collection]) seen[collection].push(id);
    if (page.next === '') break;
    ({ page, known } = await readPage(pool, pocketbase, { after: page.next, limit }));
  }
  changed += await finishComparison(pool, seen, { rev, upTo });
  return { changed, forgotten };
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

export interface Reconciliation {
  /** Has the first comparison since the start been tried, whatever came of it? */
  hasTried(): boolean;
  /** Compare soon rather than in its turn. */
  hasten(): void;
  stop(): Promise<void>;
}

/** Reconcile now, then again and again. */
export function keepReconciled(pool: Pool, pocketbase: PocketBaseAccess, logger: Logger): Reconciliation {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let failing = false;
  let tried = false;
  let hastened = false;
  const compare = async () => {
    try {
      const { changed, forgotten } = await reconcile(pool, pocketbase);
      if (forgotten > 0) logger.warn({ forgotten }, 'PocketBase had forgotten changes (a restored backup?)');
      if (failing || changed > 0) logger.info({ changed }, 'directory copy compared with PocketBase');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ err: error }, 'directory copy is stale: PocketBase could not be read');
      failing = true;
    }
    tried = true;
  };
  const round = async () => {
    timer = undefined;
    hastened = false;
    await compare();
    const waitMs = hastened ? 0 : failing ? RETRY_MS : EVERY_MS;
    if (!stopped) timer = setTimeout(start, waitMs);
  };
  const start = () => {
    running = round();
  };
  let running = round();
  return {
    hasTried: () => tried,
    hasten: () => {
      hastened = true;
      if (timer === undefined || stopped) return;
      clearTimeout(timer);
      start();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
