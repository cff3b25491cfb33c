/** What the form of a tenant holds: everything as it is typed. */
import { answerCacheRule, eurAmountNotNegative, recordId, TENANT_TYPES } from '@cloudfreedom/contracts';
import { readTypedAmount } from '@cloudfreedom/ui';
import { z } from 'zod';
import { type LimitField, limitValues } from '../records/limits.ts';
import { tenant } from './tenant.ts';

export const managedTenant = tenant.extend({
  monthly_budget_eur: z.union([z.literal(''), eurAmountNotNegative]),
  markup_percent: z.string(),
  single_sign_on_required: z.boolean(),
  retention_days: z.number().int(),
  answer_cache: answerCacheRule,
  requests_per_minute: z.number(),
  tokens_per_minute: z.number(),
  parallel_requests: z.number(),
  sign_up_domain: z.string(),
  sign_up_product: z.union([z.literal(''), recordId]),
});
export type ManagedTenant = z.output<typeof managedTenant>;
export type TenantType = ManagedTenant['type'];
export const tenantTypes: readonly TenantType[] = TENANT_TYPES;

export type TenantField =
  | 'name'
  | 'slug'
  | 'type'
  | 'time_zone'
  | 'locale'
  | 'monthly_budget_eur'
  | 'markup_percent'
  | 'domains'
  | 'expires_at'
  | 'single_sign_on_required'
  | 'retention_days'
  | 'answer_cache'
  | 'sign_up_domain'
  | 'sign_up_product'
  | LimitField;
export type TenantValues = Record<TenantField, string>;

const DEMO_DAYS = 30;
const DAY_MS = 86_400_000;

/** `2026-12-24 10:00:00.000Z` -> what a `datetime-local` field shows in the reader's own zone. */
function localMoment(instant: string): string {
  if (instant === '') return '';
  const at = new Date(instant.replace(' ', 'T'));
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const newTenantValues = (nowMs: number): TenantValues => ({
  name: '',
  slug: '',
  type: 'enterprise',
  time_zone: 'Europe/Berlin',
  locale: 'de',
  monthly_budget_eur: '',
  markup_percent: '0',
  domains: '',
  expires_at: localMoment(new Date(nowMs + DEMO_DAYS * DAY_MS).toISOString()),
  single_sign_on_required: 'yes',
  retention_days: '',
  answer_cache: 'off',
  sign_up_domain: '',
  sign_up_product: '',
  requests_per_minute: '',
  tokens_per_minute: '',
  parallel_requests: '',
});

export function tenantValues(record: ManagedTenant): TenantValues {
  return {
    name: record.name,
    slug: record.slug,
    type: record.type,
    time_zone: record.time_zone,
    locale: record.locale,
    monthly_budget_eur: record.monthly_budget_eur,
    markup_percent: record.markup_percent,
    domains: record.domains.join('\n'),
    expires_at: localMoment(record.expires_at),
    single_sign_on_required: record.single_sign_on_required ? 'yes' : '',
    retention_days: record.retention_days === 0 ? '' : String(record.retention_days),
    answer_cache: record.answer_cache,
    sign_up_domain: record.sign_up_domain,
    sign_up_product: record.sign_up_product,
    ...limitValues(record),
  };
}

/** Which of the fields a type has; the others are put back to nothing when it is saved. */
export function fieldApplies(field: TenantField, type: string): boolean {
  if (field === 'markup_percent') return type !== 'internal';
  if (field === 'expires_at') return type === 'demo';
  if (field === 'single_sign_on_required' || field === 'retention_days') return type === 'enterprise';
  return true;
}

const amountOf = (typed: string): string => {
  const amount = readTypedAmount(typed);
  return amount.ok ? amount.amount : '';
};
const percentOf = (typed: string): string => typed.trim().replace(',', '.') || '0';

export const isPercent = (typed: string): boolean => /^\d{1,3}(\.\d{1,2})?$/.test(percentOf(typed));

/** As PocketBase takes it; only for values that passed the checks. */
function tenantBody(values: TenantValues): Record<TenantField, unknown> {
  const has = (field: TenantField) => fieldApplies(field, values.type);
  return {
    name: values.name.trim(),
    slug: values.slug.trim(),
    type: values.type,
    time_zone: values.time_zone.trim(),
    locale: values.locale,
    monthly_budget_eur: amountOf(values.monthly_budget_eur),
    markup_percent: has('markup_percent') ? percentOf(values.markup_percent) : '0',
    domains: [
      ...new Set(
        values.domains
          .toLowerCase()
          .split(/[\s,;]+/)
          .filter(Boolean),
      ),
    ],
    expires_at: has('expires_at') && values.expires_at !== '' ? new Date(values.expires_at).toISOString() : '',
    single_sign_on_required: has('single_sign_on_required') && values.single_sign_on_required === 'yes',
    retention_days: has('retention_days') ? Number(values.retention_days) : 0,
    answer_cache: values.answer_cache,
    sign_up_domain: values.sign_up_domain.trim().toLowerCase(),
    sign_up_product: values.sign_up_product,
    requests_per_minute: Number(values.requests_per_minute),
    tokens_per_minute: Number(values.tokens_per_minute),
    parallel_requests: Number(values.parallel_requests),
  };
}

/** "Müller & Söhne GmbH" -> "mueller-soehne-gmbh". */
export function slugOf(name: string): string {
  const german: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
  return name
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => german[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}

/** What to send: everything of a new one, else what was changed and what the type no longer has. */
export function tenantChanges(opened: ManagedTenant | null, typed: TenantValues): Record<string, unknown> {
  const body = tenantBody(typed);
  if (!opened) return { ...body, status: 'active' };
  const before = tenantValues(opened);
  const sent = (field: TenantField) =>
    typed[field] !== before[field] || (typed.type !== before.type && !fieldApplies(field, typed.type));
  return Object.fromEntries(Object.entries(body).filter(([field]) => sent(field as TenantField)));
}
