/** The prices that ship with the service (catalogue/prices.json, made by build-catalogue.ts). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { METERS, PROVIDERS, SERVICE_TIERS } from '@cloudfreedom/contracts';
import { z } from 'zod';

const decimal = z.string().regex(/^\d+(\.\d+)?$/);
export const catalogueFile = z.object({
  effectiveFrom: z.iso.datetime(),
  source: z.string(),
  models: z.array(
    z.object({
      provider: z.enum(PROVIDERS),
      model: z.string(),
      steps: z
        .array(
          z.object({
            serviceTier: z.enum(SERVICE_TIERS),
            aboveInputTokens: z.number().int().nonnegative(),
            usdPerMillion: z.partialRecord(z.enum(METERS), decimal),
          }),
        )
        .min(1),
    }),
  ),
});
export type PriceCatalogue = z.infer<typeof catalogueFile>;

export function readPriceCatalogue(): PriceCatalogue {
  const file = path.join(import.meta.dirname, '../../catalogue/prices.json');
  return catalogueFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}
