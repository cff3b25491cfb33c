/**
 * Rate limits: how much may be asked within a minute and at the same time. A request counts at four levels and has to fit
 * into the limits of each: its API key's, its person's, those of all people of the product in the tenant together, the tenant's.
 */
import { z } from 'zod';

export const LIMIT_LEVELS = ['api_key', 'user', 'product', 'tenant'] as const;
export type LimitLevel = (typeof LIMIT_LEVELS)[number];
export const LIMIT_KINDS = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

const LIMIT_MAX = 1_000_000_000;
const limit = z.number().int().nonnegative().max(LIMIT_MAX);

export const rateLimits = z.object({
  requestsPerMinute: limit.meta({ description: '0: no limit' }),
  tokensPerMinute: limit.meta({ description: 'of input and output together; 0: no limit' }),
  parallelRequests: limit.meta({ description: '0: no limit' }),
});
export type RateLimits = z.infer<typeof rateLimits>;

/** As fields of a record; absent: a copy from before there were such limits, which is none. */
export const rateLimitFields = rateLimits.partial().shape;

/** Which limit stood in the way. */
export const limitReached = z.object({
  kind: z.enum(LIMIT_KINDS),
  limit,
  level: z.enum(LIMIT_LEVELS).optional().meta({ description: 'absent: a row from before it was kept' }),
});
export type LimitReached = z.infer<typeof limitReached>;
