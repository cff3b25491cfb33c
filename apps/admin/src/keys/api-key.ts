/** An API key as PocketBase's collection has it: never the key itself. */
import { eurAmountNotNegative, recordId, role } from '@cloudfreedom/contracts';
import { z } from 'zod';

/** PocketBase writes a space where ISO 8601 has a T; empty: none. */
const instant = z.string().transform((text) => (text === '' ? null : text.replace(' ', 'T')));
const owner = z.object({
  id: recordId,
  name: z.string(),
  email: z.string().default(''),
  kind: z.enum(['person', 'service_account']),
  role,
});

export const apiKey = z
  .object({
    id: recordId,
    name: z.string(),
    prefix: z.string(),
    expires: instant,
    last_used: instant,
    monthly_budget_eur: z.union([z.literal(''), eurAmountNotNegative]),
    requests_per_minute: z.number(),
    tokens_per_minute: z.number(),
    parallel_requests: z.number(),
    revoked: z.boolean(),
    expand: z.object({ user: owner.optional(), models: z.array(z.object({ name: z.string() })).optional() }).optional(),
  })
  .transform(({ expand, last_used, monthly_budget_eur, ...record }) => ({
    ...record,
    lastUsed: last_used,
    monthlyBudgetEur: monthly_budget_eur,
    models: [...new Set((expand?.models ?? []).map(({ name }) => name))].sort(),
    owner: expand?.user ?? null,
  }));
export type ApiKey = z.output<typeof apiKey>;

export const KEY_STATES = ['active', 'expired', 'revoked'] as const;
export type KeyState = (typeof KEY_STATES)[number];

export function keyState(key: Pick<ApiKey, 'revoked' | 'expires'>, nowMs: number): KeyState {
  if (key.revoked) return 'revoked';
  return key.expires !== null && Date.parse(key.expires) <= nowMs ? 'expired' : 'active';
}

/** The last moment of a day as it is typed (`2026-12-31`), in the reader's own zone; undefined: no day was typed. */
export function endOfDay(day: string): string | undefined {
  if (day === '') return undefined;
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}
