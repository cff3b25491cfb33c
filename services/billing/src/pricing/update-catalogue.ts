/** A newer price catalogue: what it would change, and putting it into effect. The command and the portal do the same. */
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { catalogueFile, type PriceCatalogue } from './catalogue.ts';
import { comparePrices, type ModelPrices, type PriceDifferences } from './price-differences.ts';
import { readPriceVersions } from './price-versions.store.ts';
import { addPriceVersions } from './pricing.store.ts';
import { catalogueOf, type SourceFile } from './source-prices.ts';

const MODELS_MAX = 10_000;

const sourceFile = z.looseObject({
  header: z.looseObject({ copied_from: z.looseObject({}) }),
  models: z.array(z.any()),
});

/** @throws Error naming what in the file is wrong */
export function readCatalogueText(text: string, today: string): PriceCatalogue {
  const content: unknown = JSON.parse(text);
  const source = sourceFile.safeParse(content);
  return catalogueFile.parse(source.success ? catalogueOf(content as SourceFile, today) : content);
}

export async function compareCatalogue(pool: Pool, catalogue: PriceCatalogue): Promise<PriceDifferences> {
  const known = await readPriceVersions(pool, { versions: 'current', limit: MODELS_MAX });
  return comparePrices(known, catalogue.models);
}

/**
 * A version for each of these models, in effect now; those that are there already never change.
 * @returns since when
 */
export async function applyCatalogue(
  pool: Pool,
  actor: Actor | 'command',
  { catalogue, models }: { catalogue: PriceCatalogue; models: ModelPrices[] },
): Promise<string> {
  const effectiveFrom = new Date().toISOString();
  const author = actor === 'command' ? 'npm run prices' : actor.subjectId;
  await inTransaction(pool, async (client) => {
    await addPriceVersions(client, { effectiveFrom, source: catalogue.source, author, models });
    const after = { models: models.length, effective_from: effectiveFrom };
    const change = { action: 'update', collection: 'prices', targetId: 'catalogue', after } as const;
    await queueAudit(client, [auditEntry(actor, '', change)]);
  });
  return effectiveFrom;
}
