/** A platform admin brings a newer price catalogue. */
import type { PriceCatalogueUpdate, priceCatalogueRequest } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { billingError } from '../errors.ts';
import type { PriceCatalogue } from './catalogue.ts';
import { applyCatalogue, compareCatalogue, readCatalogueText } from './update-catalogue.ts';

function read(content: string): PriceCatalogue {
  try {
    return readCatalogueText(content, new Date().toISOString().slice(0, 10));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const why = issue ? `${issue.path.join('.')}: ${issue.message}` : 'it is no JSON of either form';
    throw billingError('invalid_request', {
      message: `content: not a price catalogue (${why}).`,
      param: 'content',
      cause,
    });
  }
}

/** Show what the catalogue would change, or do it. @throws ApiError invalid_request naming what in the file is wrong */
export async function updateByAdmin(
  pool: Pool,
  actor: Actor,
  { content, apply }: z.infer<typeof priceCatalogueRequest>,
): Promise<PriceCatalogueUpdate> {
  const catalogue = read(content);
  const { changed, prices, unchanged, missing } = await compareCatalogue(pool, catalogue);
  const applied = apply && changed.length > 0;
  if (applied) await applyCatalogue(pool, actor, { catalogue, models: changed });
  const { source, effectiveFrom } = catalogue;
  return { source, effectiveFrom, applied, models: changed.length, unchanged, missing, prices };
}
