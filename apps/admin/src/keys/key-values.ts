/** What the form of an API key holds: everything as it is typed. */
import { readTypedAmount } from '@cloudfreedom/ui';
import { LIMIT_FIELDS, type LimitField, limitValues } from '../records/limits.ts';
import { changedFields } from '../records/save-record.ts';
import { type ApiKey, endOfDay } from './api-key.ts';

export type KeyField = 'name' | 'monthly_budget_eur' | 'expires' | 'models' | LimitField;
export type KeyValues = Record<KeyField, string>;

/** An instant as the day that it is in the reader's own zone: `2026-12-31`. */
function dayOf(instant: string): string {
  const at = new Date(instant);
  const part = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}

export function keyValues(key: ApiKey): KeyValues {
  return {
    name: key.name,
    monthly_budget_eur: key.monthlyBudgetEur,
    expires: key.expires === null ? '' : dayOf(key.expires),
    models: key.models.join('\n'),
    ...limitValues(key),
  };
}

/** What to send: the fields that were changed. @param idsOf one record of each public model name */
export function keyChanges(
  opened: ApiKey,
  typed: KeyValues,
  idsOf: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const amount = readTypedAmount(typed.monthly_budget_eur);
  const body: Record<KeyField, unknown> = {
    name: typed.name.trim(),
    monthly_budget_eur: amount.ok ? amount.amount : '',
    expires: endOfDay(typed.expires) ?? '',
    models: typed.models
      .split('\n')
      .filter(Boolean)
      .flatMap((name) => idsOf.get(name) ?? []),
    requests_per_minute: Number(typed.requests_per_minute),
    tokens_per_minute: Number(typed.tokens_per_minute),
    parallel_requests: Number(typed.parallel_requests),
  };
  return Object.fromEntries(changedFields(keyValues(opened), typed).map((field) => [field, body[field]]));
}

/** The limits of a key that is being made, as identity takes them; those that are none are left out. */
export function limitWish(typed: Record<LimitField, string>): Partial<Record<keyof typeof WISH_FIELDS, number>> {
  const limits = Object.entries(WISH_FIELDS).map(([name, field]) => [name, Number(typed[field])] as const);
  return Object.fromEntries(limits.filter(([, limit]) => limit > 0));
}

const WISH_FIELDS = {
  requestsPerMinute: 'requests_per_minute',
  tokensPerMinute: 'tokens_per_minute',
  parallelRequests: 'parallel_requests',
} as const satisfies Record<string, LimitField>;

export const NO_LIMITS = Object.fromEntries(LIMIT_FIELDS.map((field) => [field, ''])) as Record<LimitField, string>;
