/** Attempts that may have cost the tenant something and that nobody pays for: no answer came, and none can be ruled out. */
import { z } from 'zod';
import { eurAmount } from './money.ts';
import { usageQuery, usageRow } from './usage.ts';

/** `GET /v1/tenants/{tenantId}/losses` */
export const lossesQuery = usageQuery.pick({ from: true, to: true, cursor: true, limit: true });
export type LossesQuery = z.infer<typeof lossesQuery>;

/** One attempt; its usage is what it probably used, and the mark-up is not in its cost. */
export const loss = usageRow
  .pick({
    reservationId: true,
    requestId: true,
    subjectId: true,
    model: true,
    provider: true,
    upstreamModel: true,
    deployment: true,
    region: true,
    simulated: true,
    usage: true,
    cost: true,
    totalMs: true,
  })
  .extend({
    at: z.iso.datetime().meta({ description: 'when it was given up' }),
    attempt: z.number().int().positive(),
    reason: z.string(),
  });
export type Loss = z.infer<typeof loss>;

export const lossMonth = z.object({
  start: z.iso.datetime().meta({ description: "of the tenant's month in which the attempts began" }),
  attempts: z.number().int().positive(),
  cost: eurAmount,
});
export type LossMonth = z.infer<typeof lossMonth>;

export const losses = z.object({
  months: z.array(lossMonth).meta({ description: 'those with losses, newest first, at most 24; whatever the query' }),
  items: z.array(loss).meta({ description: 'newest first' }),
  nextCursor: z.string().nullable(),
});
export type Losses = z.infer<typeof losses>;
