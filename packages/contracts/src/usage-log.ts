/** What admins read of one settled request beside its row: where it was counted, how its charge came about, its way. */
import { z } from 'zod';
import { recordId } from './directory.ts';
import { meter } from './meter.ts';
import { eurAmount } from './money.ts';
import { failedAttempt, serviceTier, usageRow } from './usage.ts';

export const loggedUsage = usageRow.extend({
  costCentre: z.string(),
  productId: recordId
    .nullable()
    .meta({ description: 'the plan of then; null: none, or a row from before it was kept' }),
  errorKind: z.string().nullable().meta({ description: 'why the answer broke off; null: it did not, or nobody said' }),
  upstreamRequestId: z.string().nullable(),
  waitedMs: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .meta({ description: 'from the request to the call of the provider that served it; null: not told' }),
  failedAttempts: z.array(failedAttempt).meta({ description: 'before it, in their order' }),
});
export type LoggedUsage = z.infer<typeof loggedUsage>;
export const loggedUsagePage = z.object({ items: z.array(loggedUsage), nextCursor: z.string().nullable() });
export type LoggedUsagePage = z.infer<typeof loggedUsagePage>;

/** A decimal number of any length without sign or exponent: nothing of it is rounded. */
const exact = z.string().regex(/^\d+(\.\d+)?$/);

/** units × price = `usd`, exactly. */
export const chargeLine = z.object({
  meter,
  pricedAs: meter.meta({ description: 'the meter whose price counts, where this one has none of its own' }),
  units: z.number().int().nonnegative(),
  usdPerMillion: exact,
  usd: exact,
});
export type ChargeLine = z.infer<typeof chargeLine>;

/**
 * How a charge came about, every step exact: `usd` is the sum of the lines, × `eurPerUsd` = `eur`, × (1 + `markupPercent`
 * / 100) = `eurWithMarkup`. Rounded once, up, to a nano-euro: `eur` gives the row's cost, `eurWithMarkup` its charge.
 */
export const chargeCalculation = z.object({
  serviceTier: serviceTier.meta({ description: 'whose prices count' }),
  lines: z.array(chargeLine),
  usd: exact,
  eurPerUsd: exact,
  eur: exact,
  markupPercent: exact,
  eurWithMarkup: exact,
  cost: eurAmount,
  charge: eurAmount,
  priceVersion: z.object({
    id: z.string(),
    effectiveFrom: z.iso.datetime(),
    source: z.string(),
    author: z.string().nullable(),
  }),
});
export type ChargeCalculation = z.infer<typeof chargeCalculation>;

/** `GET /v1/tenants/{tenantId}/usage/{reservationId}` */
export const usageDetail = loggedUsage.extend({
  attempt: z.number().int().positive().meta({ description: 'the how manieth call of a provider this was' }),
  calculation: chargeCalculation.nullable().meta({ description: 'null: its price version is gone' }),
});
export type UsageDetail = z.infer<typeof usageDetail>;
