/** An own API key as PocketBase's collection has it: never the key itself. */
import { eurAmountNotNegative, recordId } from '@cloudfreedom/contracts';
import { z } from 'zod';

/** PocketBase writes a space where ISO 8601 has a T; empty: none. */
const instant = z.string().transform((text) => (text === '' ? null : text.replace(' ', 'T')));

export const ownKey = z
  .object({
    id: recordId,
    name: z.string(),
    prefix: z.string(),
    expires: instant,
    last_used: instant,
    monthly_budget_eur: z.union([z.literal(''), eurAmountNotNegative]),
    revoked: z.boolean(),
    requests_per_minute: z.number(),
    tokens_per_minute: z.number(),
    parallel_requests: z.number(),
    expand: z.object({ models: z.array(z.object({ name: z.string() })).optional() }).optional(),
  })
  .transform(({ expand, ...record }) => ({
    ...{ id: record.id, name: record.name, prefix: record.prefix, expires: record.expires, revoked: record.revoked },
    lastUsed: record.last_used,
    monthlyBudgetEur: record.monthly_budget_eur,
    /** 0: none of its own. */
    requestsPerMinute: record.requests_per_minute,
    tokensPerMinute: record.tokens_per_minute,
    parallelRequests: record.parallel_requests,
    models: [...new Set((expand?.models ?? []).map(({ name }) => name))].sort(),
  }));
export type OwnKey = z.output<typeof ownKey>;

export type KeyState = 'active' | 'expired' | 'revoked';

export function keyState(key: Pick<OwnKey, 'revoked' | 'expires'>, nowMs: number): KeyState {
  if (key.revoked) return 'revoked';
  return key.expires !== null && Date.parse(key.expires) <= nowMs ? 'expired' : 'active';
}

/** The last moment of a day as it is typed (`2026-12-31`), in the reader's own zone; undefined: no day was typed. */
export function endOfDay(day: string): string | undefined {
  const end = new Date(`${day}T23:59:59`);
  return day === '' || Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}
