/** A product as PocketBase has it, and what its form holds: everything as it is typed. */
import { eurAmountNotNegative, parseEur, REGION_RULES, recordId } from '@cloudfreedom/contracts';
import { readTypedAmount } from '@cloudfreedom/ui';
import { z } from 'zod';
import { countText } from '../records/limits.ts';
import { changedFields } from '../records/save-record.ts';

const allowedModel = z.object({ id: recordId, name: z.string() });

export const managedProduct = z
  .object({
    id: recordId,
    name: z.string(),
    monthly_budget_eur: eurAmountNotNegative,
    carry_over_cap_eur: z.union([z.literal(''), eurAmountNotNegative]),
    region_rule: z.enum(REGION_RULES),
    requests_per_minute: z.number(),
    tokens_per_minute: z.number(),
    parallel_requests: z.number(),
    shared_requests_per_minute: z.number(),
    shared_tokens_per_minute: z.number(),
    shared_parallel_requests: z.number(),
    output_cap_tokens: z.number(),
    expand: z.object({ models: z.array(allowedModel).optional() }).optional(),
  })
  .transform(({ expand, ...record }) => ({
    ...record,
    /** Public names, each once; empty: all. */
    models: [...new Set((expand?.models ?? []).map(({ name }) => name))].sort(),
  }));
export type ManagedProduct = z.output<typeof managedProduct>;

export const COUNT_FIELDS = [
  'requests_per_minute',
  'tokens_per_minute',
  'parallel_requests',
  'output_cap_tokens',
] as const;
/** Of all its people in a tenant together. */
export const SHARED_FIELDS = [
  'shared_requests_per_minute',
  'shared_tokens_per_minute',
  'shared_parallel_requests',
] as const;
export type ProductField =
  | 'name'
  | 'monthly_budget_eur'
  | 'carry_over_cap_eur'
  | 'region_rule'
  | 'models'
  | (typeof COUNT_FIELDS)[number]
  | (typeof SHARED_FIELDS)[number];
export type ProductValues = Record<ProductField, string>;

export const NEW_PRODUCT: ProductValues = {
  name: '',
  monthly_budget_eur: '',
  carry_over_cap_eur: '',
  region_rule: 'any',
  models: '',
  requests_per_minute: '',
  tokens_per_minute: '',
  parallel_requests: '',
  output_cap_tokens: '',
  shared_requests_per_minute: '',
  shared_tokens_per_minute: '',
  shared_parallel_requests: '',
};

export function productValues(record: ManagedProduct): ProductValues {
  return {
    name: record.name,
    monthly_budget_eur: record.monthly_budget_eur,
    carry_over_cap_eur: record.carry_over_cap_eur,
    region_rule: record.region_rule,
    models: record.models.join('\n'),
    requests_per_minute: countText(record.requests_per_minute),
    tokens_per_minute: countText(record.tokens_per_minute),
    parallel_requests: countText(record.parallel_requests),
    output_cap_tokens: countText(record.output_cap_tokens),
    shared_requests_per_minute: countText(record.shared_requests_per_minute),
    shared_tokens_per_minute: countText(record.shared_tokens_per_minute),
    shared_parallel_requests: countText(record.shared_parallel_requests),
  };
}

export const modelNames = (typed: string): string[] => typed.split('\n').filter(Boolean);

const amountOf = (typed: string): string => {
  const amount = readTypedAmount(typed);
  return amount.ok ? amount.amount : '';
};

/** What to send: everything of a new one, else what was changed. `idsOf`: one record of each public model name. */
export function productChanges(
  opened: ManagedProduct | null,
  typed: ProductValues,
  idsOf: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const body: Record<ProductField, unknown> = {
    name: typed.name.trim(),
    monthly_budget_eur: amountOf(typed.monthly_budget_eur),
    carry_over_cap_eur: amountOf(typed.carry_over_cap_eur),
    region_rule: typed.region_rule,
    models: modelNames(typed.models).flatMap((name) => idsOf.get(name) ?? []),
    requests_per_minute: Number(typed.requests_per_minute),
    tokens_per_minute: Number(typed.tokens_per_minute),
    parallel_requests: Number(typed.parallel_requests),
    output_cap_tokens: Number(typed.output_cap_tokens),
    shared_requests_per_minute: Number(typed.shared_requests_per_minute),
    shared_tokens_per_minute: Number(typed.shared_tokens_per_minute),
    shared_parallel_requests: Number(typed.shared_parallel_requests),
  };
  if (!opened) return body;
  return Object.fromEntries(changedFields(productValues(opened), typed).map((field) => [field, body[field]]));
}

export type ProductEffect =
  | { kind: 'budgetRaised' | 'budgetLowered' | 'carryOver' | 'regionEu' | 'regionAny' | 'limits' | 'outputCap' }
  | { kind: 'modelsAll' | 'modelsOnly'; names: string[] }
  | { kind: 'modelsAdded' | 'modelsRemoved'; names: string[] };

function modelEffects(before: string, typed: string): ProductEffect[] {
  const had = modelNames(before);
  const has = modelNames(typed);
  if (has.length === 0) return [{ kind: 'modelsAll', names: [] }];
  if (had.length === 0) return [{ kind: 'modelsOnly', names: has }];
  const added = has.filter((name) => !had.includes(name));
  const removed = had.filter((name) => !has.includes(name));
  return [
    ...(added.length > 0 ? [{ kind: 'modelsAdded' as const, names: added }] : []),
    ...(removed.length > 0 ? [{ kind: 'modelsRemoved' as const, names: removed }] : []),
  ];
}

function budgetEffects(before: string, typed: string): ProductEffect[] {
  const amount = readTypedAmount(typed);
  if (!amount.ok) return [];
  const difference = parseEur(amount.amount) - parseEur(before);
  if (difference === 0n) return [];
  return [{ kind: difference > 0n ? 'budgetRaised' : 'budgetLowered' }];
}

/** What saving would do to the people who have the product. */
export function productEffects(opened: ManagedProduct, typed: ProductValues): ProductEffect[] {
  const before = productValues(opened);
  const changed = changedFields(before, typed);
  const effects: ProductEffect[] = [];
  if (changed.includes('monthly_budget_eur'))
    effects.push(...budgetEffects(before.monthly_budget_eur, typed.monthly_budget_eur));
  if (changed.includes('carry_over_cap_eur')) effects.push({ kind: 'carryOver' });
  if (changed.includes('models')) effects.push(...modelEffects(before.models, typed.models));
  if (changed.includes('region_rule')) effects.push({ kind: typed.region_rule === 'eu' ? 'regionEu' : 'regionAny' });
  if ([...COUNT_FIELDS, ...SHARED_FIELDS].some((field) => field !== 'output_cap_tokens' && changed.includes(field)))
    effects.push({ kind: 'limits' });
  if (changed.includes('output_cap_tokens')) effects.push({ kind: 'outputCap' });
  return effects;
}
