/** Who was erased: billing's own list, and how it becomes one with PocketBase's. */
import { ERASURE_PAGE_MAX, type Erasure, erasureList, type erasurePage } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { addErasures, readErasedSubjects, readErasures } from './erasure.store.ts';

const TIMEOUT_MS = 30_000;

/** Add what is new here. @returns the whole list */
export async function uniteErasures(pool: Pool, erasures: Erasure[]): Promise<Erasure[]> {
  await addErasures(pool, erasures);
  return readErasures(pool);
}

/**
 * Tell PocketBase who is erased and learn whom it knows: whoever a backup brought back there goes again.
 * @throws when PocketBase doesn't answer with its list
 */
export async function exchangeErasures(pool: Pool, pocketbase: { url: string; internalSecret: string }): Promise<void> {
  const response = await fetch(new URL('/api/internal/erasures', pocketbase.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${pocketbase.internalSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ erasures: await readErasures(pool) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`PocketBase answered ${response.status} to the list of erasures`);
  }
  await addErasures(pool, erasureList.parse(await response.json()).erasures);
}

/** One page of a tenant's list; the whole of it is read each time, so no reader can have lost its place. */
export async function listErasures(
  pool: Pool,
  tenantId: string,
  after: string | undefined,
): Promise<z.infer<typeof erasurePage>> {
  const found = await readErasedSubjects(pool, { tenantId, after: after ?? '', limit: ERASURE_PAGE_MAX + 1 });
  const subjectIds = found.slice(0, ERASURE_PAGE_MAX);
  return { subjectIds, nextAfter: found.length > ERASURE_PAGE_MAX ? (subjectIds.at(-1) ?? null) : null };
}
