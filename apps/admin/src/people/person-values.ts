/** What the form of a person holds, as it is typed, and what saving it would do. */
import { type BudgetFigures, formatEur, parseEur } from '@cloudfreedom/contracts';
import { readTypedAmount } from '@cloudfreedom/ui';
import { COUNT_FIELDS, type ManagedProduct } from '../products/product-values.ts';
import { LIMIT_FIELDS, type LimitField, limitValues } from '../records/limits.ts';
import { changedFields } from '../records/save-record.ts';
import type { TenantPerson } from './person.ts';

/** `budget`: whose amount counts. An own amount of 0 allows nothing; no own amount is the product's. */
export type PersonField =
  | 'name'
  | 'product'
  | 'budget'
  | 'budget_override_eur'
  | 'role'
  | 'cost_centre'
  | 'locale'
  | LimitField;
export type PersonValues = Record<PersonField, string>;

export function personValues(person: TenantPerson): PersonValues {
  return {
    name: person.givenName,
    product: person.productId,
    budget: person.budgetOverrideEur === '' ? 'product' : 'own',
    budget_override_eur: person.budgetOverrideEur,
    role: person.role,
    cost_centre: person.costCentre,
    locale: person.locale,
    ...limitValues(person.limits),
  };
}

/** As PocketBase has it; '' where the product's amount counts, or where what was typed is none. */
function overrideOf(typed: PersonValues): string {
  if (typed.budget !== 'own') return '';
  const amount = readTypedAmount(typed.budget_override_eur);
  return amount.ok ? amount.amount : '';
}

/** What to send: the fields that were changed. */
export function personChanges(opened: TenantPerson, typed: PersonValues): Record<string, unknown> {
  const before = personValues(opened);
  const changed = changedFields(before, typed);
  const changes: Record<string, unknown> = {};
  const isLimit = (field: PersonField): field is LimitField => LIMIT_FIELDS.some((limit) => limit === field);
  for (const field of changed)
    if (isLimit(field)) changes[field] = Number(typed[field]);
    else if (field !== 'budget' && field !== 'budget_override_eur') changes[field] = typed[field].trim();
  if (changed.includes('budget') || (typed.budget === 'own' && changed.includes('budget_override_eur')))
    changes.budget_override_eur = overrideOf(typed);
  return changes;
}

export interface PersonTerms {
  products: ReadonlyMap<string, ManagedProduct>;
  /** As they stand; null: not known yet. */
  figures: BudgetFigures | null;
}

export type PersonEffect =
  | { kind: 'limit'; before: string; after: string }
  | { kind: 'freeThen'; spent: string; held: string; free: string }
  | { kind: 'usedUpThen'; spent: string }
  | { kind: 'ownBudgetStays'; amount: string }
  | { kind: 'nothingAllowed' | 'regionEu' | 'regionAny' | 'limits' | 'modelsAll' | 'sessionsEnd' | 'noProduct' }
  | { kind: 'modelsOnly' | 'modelsAdded' | 'modelsRemoved'; names: string[] };

/** A month's amount without top-ups and what was carried over; `null` where what was typed is no amount. */
function baseOf(typed: PersonValues, products: PersonTerms['products']): string | null {
  if (typed.budget !== 'own') return products.get(typed.product)?.monthly_budget_eur ?? '0';
  const amount = readTypedAmount(typed.budget_override_eur);
  return amount.ok ? amount.amount : null;
}

function budgetEffects(before: PersonValues, typed: PersonValues, { products, figures }: PersonTerms): PersonEffect[] {
  const [base, now] = [baseOf(typed, products), baseOf(before, products)];
  if (base === null || now === null || parseEur(base) === parseEur(now)) return [];
  if (!figures || figures.limit === null) return [{ kind: 'limit', before: now, after: base }];
  const limit = parseEur(figures.limit) - parseEur(now) + parseEur(base);
  const free = limit - parseEur(figures.spent) - parseEur(figures.held);
  const effects: PersonEffect[] = [{ kind: 'limit', before: figures.limit, after: formatEur(limit) }];
  if (limit <= 0n) effects.push({ kind: 'nothingAllowed' });
  else if (free <= 0n) effects.push({ kind: 'usedUpThen', spent: figures.spent });
  else effects.push({ kind: 'freeThen', spent: figures.spent, held: figures.held, free: formatEur(free) });
  return effects;
}

function modelEffects(had: string[], has: string[]): PersonEffect[] {
  if (had.join() === has.join()) return [];
  if (has.length === 0) return [{ kind: 'modelsAll' }];
  if (had.length === 0) return [{ kind: 'modelsOnly', names: has }];
  const added = has.filter((name) => !had.includes(name));
  const removed = had.filter((name) => !has.includes(name));
  return [
    ...(added.length > 0 ? [{ kind: 'modelsAdded' as const, names: added }] : []),
    ...(removed.length > 0 ? [{ kind: 'modelsRemoved' as const, names: removed }] : []),
  ];
}

function productEffects(typed: PersonValues, before: PersonValues, { products }: PersonTerms): PersonEffect[] {
  const [had, has] = [products.get(before.product), products.get(typed.product)];
  if (!has) return [{ kind: 'noProduct' }];
  const effects: PersonEffect[] = [];
  if (typed.budget === 'own' && before.budget === 'own')
    effects.push({ kind: 'ownBudgetStays', amount: before.budget_override_eur });
  effects.push(...modelEffects(had?.models ?? [], has.models));
  if ((had?.region_rule ?? 'any') !== has.region_rule)
    effects.push({ kind: has.region_rule === 'eu' ? 'regionEu' : 'regionAny' });
  if (COUNT_FIELDS.some((field) => (had?.[field] ?? 0) !== has[field])) effects.push({ kind: 'limits' });
  return effects;
}

/** What saving would do in the middle of a month, the most important first. */
export function personEffects(opened: TenantPerson, typed: PersonValues, terms: PersonTerms): PersonEffect[] {
  const before = personValues(opened);
  const effects = budgetEffects(before, typed, terms);
  if (typed.product !== before.product) effects.push(...productEffects(typed, before, terms));
  if (LIMIT_FIELDS.some((limit) => typed[limit] !== before[limit])) effects.push({ kind: 'limits' });
  if (typed.role !== before.role) effects.push({ kind: 'sessionsEnd' });
  return effects;
}
