/** Prices and exchange rates, for platform admins: versions by the moment they take effect, never changed, only followed. */
import { z } from 'zod';
import { modelProvider } from './directory.ts';
import { METERS } from './meter.ts';
import { SERVICE_TIERS, serviceTier } from './usage.ts';

const usdPerMillion = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,15})?$/, 'USD per million units as a decimal number, for example "2.50"');

/** Prices of one service tier from an input size on. What it doesn't name stays as in its tier's first step. */
export const priceStep = z.object({
  serviceTier: serviceTier.default('standard'),
  aboveInputTokens: z.number().int().nonnegative().max(1_000_000_000).default(0),
  usdPerMillion: z
    .partialRecord(z.enum(METERS), usdPerMillion)
    .refine((prices) => Object.keys(prices).length > 0, 'name at least one price'),
});
export type PriceStepInput = z.infer<typeof priceStep>;

const priceSteps = z
  .array(priceStep)
  .min(1)
  .max(SERVICE_TIERS.length * 8)
  .refine(
    (steps) => new Set(steps.map((step) => `${step.serviceTier} ${step.aboveInputTokens}`)).size === steps.length,
    'each service tier has one step from an input size on',
  )
  .refine(
    (steps) =>
      steps.some(
        ({ serviceTier: tier, aboveInputTokens, usdPerMillion: prices }) =>
          tier === 'standard' && aboveInputTokens === 0 && prices.uncached_input && prices.output_text,
      ),
    'the standard tier needs a step from 0 on with uncached_input and output_text (0 is a price)',
  );

const text = z.string().trim().min(1).max(200);
const upstreamModel = text.meta({ description: "the provider's name of the model; of a custom deployment its id" });
const moment = z.iso.datetime({ offset: true });

export const priceVersionCreateRequest = z.object({
  provider: modelProvider,
  model: upstreamModel,
  effectiveFrom: moment.optional().meta({ description: 'absent: now. In the past it charges nothing again by itself' }),
  source: text.meta({ description: 'where the price is from' }),
  steps: priceSteps,
});
export const priceVersion = z.object({
  id: z.string(),
  provider: modelProvider,
  model: z.string(),
  effectiveFrom: z.iso.datetime(),
  current: z.boolean().meta({ description: 'in effect now' }),
  source: z.string(),
  author: z.string().nullable().meta({ description: 'null: the catalogue, or a record of the directory' }),
  createdAt: z.iso.datetime(),
  steps: z.array(priceStep),
});
export type PriceVersion = z.infer<typeof priceVersion>;

export const priceQuery = z.object({
  provider: modelProvider.optional(),
  model: z.string().max(200).optional().meta({ description: 'part of the name' }),
  versions: z.enum(['current', 'all']).default('current'),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export const priceList = z.object({ items: z.array(priceVersion), more: z.boolean() });

export const exchangeRateCreateRequest = z.object({
  eurPerUsd: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,12})?$/, 'euro per dollar as a decimal number, for example "0.86"')
    .refine((rate) => Number(rate) >= 0.2 && Number(rate) <= 5, 'no plausible rate of euro per dollar'),
  effectiveFrom: moment.optional().meta({ description: 'absent: now' }),
  source: text,
});
export const exchangeRate = z.object({
  id: z.string(),
  eurPerUsd: z.string(),
  effectiveFrom: z.iso.datetime(),
  quotedAt: z.iso.datetime().meta({ description: 'the day of which the rate is' }),
  current: z.boolean(),
  source: z.string(),
  author: z.string().nullable(),
});
export type ExchangeRate = z.infer<typeof exchangeRate>;
export const exchangeRates = z.object({
  items: z.array(exchangeRate),
  stale: z.boolean().meta({ description: 'the rate in effect is older than five days, or there is none' }),
});

/** `POST /v1/price-catalogues`: the prices of a newer catalogue, compared first, then put into effect. */
export const priceCatalogueRequest = z.object({
  content: z
    .string()
    .max(2_000_000)
    .meta({ description: "text of the file: our catalogue's form, or that of its source" }),
  apply: z.boolean().default(false).meta({ description: 'false: only shows what would change' }),
});
export const priceChange = z.object({
  provider: z.string(),
  model: z.string(),
  meter: z.enum(METERS),
  serviceTier,
  aboveInputTokens: z.number().int(),
  from: z.string().nullable().meta({ description: 'USD per million; null: there was none' }),
  to: z.string().nullable().meta({ description: 'null: it is gone' }),
});
export type PriceChange = z.infer<typeof priceChange>;
export const priceCatalogueUpdate = z.object({
  source: z.string(),
  effectiveFrom: z.iso.datetime().meta({ description: 'the date of the source' }),
  applied: z.boolean(),
  models: z.number().int().meta({ description: 'with other prices' }),
  unchanged: z.number().int(),
  missing: z.array(z.string()).meta({ description: 'known models that it does not name; they keep their prices' }),
  prices: z.array(priceChange),
});
export type PriceCatalogueUpdate = z.infer<typeof priceCatalogueUpdate>;
