/** `GET /v1/tenants/{tenantId}/prices`: what the models cost this tenant, in euro, as its admins read it. */
import { z } from 'zod';
import { recordId } from './directory.ts';
import { METERS } from './meter.ts';
import { eurAmount } from './money.ts';
import { serviceTier } from './usage.ts';

const eurPerMillion = z.partialRecord(z.enum(METERS), eurAmount);

export const tenantPriceStep = z.object({
  serviceTier,
  aboveInputTokens: z.number().int().nonnegative(),
  cost: eurPerMillion.meta({ description: 'what the provider takes for a million units' }),
  charge: eurPerMillion.meta({ description: 'what budgets pay for them: the cost with the mark-up' }),
});
export type TenantPriceStep = z.infer<typeof tenantPriceStep>;

export const tenantPrice = z.object({
  deploymentId: recordId,
  effectiveFrom: z.iso.datetime(),
  source: z.string(),
  steps: z.array(tenantPriceStep),
});
export type TenantPrice = z.infer<typeof tenantPrice>;

export const tenantPrices = z.object({
  markupPercent: z.string(),
  exchangeRate: z
    .object({
      eurPerUsd: z.string(),
      quotedAt: z.iso.datetime(),
      source: z.string(),
      stale: z.boolean().meta({ description: 'older than five days' }),
    })
    .nullable(),
  items: z.array(tenantPrice).meta({ description: 'of deployments that have a price in effect' }),
});
export type TenantPrices = z.infer<typeof tenantPrices>;
