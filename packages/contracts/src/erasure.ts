/**
 * Erasures: who is gone, by an opaque subject id. PocketBase and billing keep the list each; they unite the two whenever
 * they meet, so that whichever was restored from an older backup hears again who has to go. It is only ever added to.
 */
import { z } from 'zod';
import { recordId } from './directory.ts';

const idOrUnknown = z.union([recordId, z.literal('')]);

export const erasure = z.object({
  subjectId: recordId,
  tenantId: idOrUnknown.meta({ description: 'empty: not known any more' }),
  at: z.iso.datetime(),
  by: idOrUnknown.meta({ description: 'who asked for it; the subject id itself: the person; empty: nobody by name' }),
});
export type Erasure = z.infer<typeof erasure>;

/** Body and answer of PocketBase `POST /api/internal/erasures` and of billing `POST /internal/erasures` (signed). */
export const erasureList = z.object({ erasures: z.array(erasure).max(100_000) });

/** Answer of PocketBase `POST /api/people/{id}/erasure`. */
export const erasureResponse = erasure.extend({ status: z.enum(['erased', 'already_erased']) });

/** Billing `GET /v1/erasures` (bearer: the tenant's service token): of this tenant, in the order of their ids. */
export const ERASURE_PAGE_MAX = 1_000;
export const erasurePageQuery = z.object({
  after: recordId.optional().meta({ description: 'the last id of the page before' }),
});
export const erasurePage = z.object({
  subjectIds: z.array(recordId).max(ERASURE_PAGE_MAX),
  nextAfter: recordId.nullable(),
});
