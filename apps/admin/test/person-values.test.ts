/** The form of a person: what is sent, and what is said of it beforehand. */
import { formatEur, parseEur } from '@cloudfreedom/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TenantPerson, tenantPerson } from '../src/people/person.ts';
import { personChanges, personEffects, personValues } from '../src/people/person-values.ts';
import { type ManagedProduct, managedProduct } from '../src/products/product-values.ts';

const STARTER = 'starter00000000';
const TEAM = 'team00000000000';

const product = (id: string, budget: string, models: string[] = [], more = {}): ManagedProduct =>
  managedProduct.parse({
    id,
    name: id,
    monthly_budget_eur: budget,
    carry_over_cap_eur: '',
    region_rule: 'any',
    requests_per_minute: 0,
    tokens_per_minute: 0,
    parallel_requests: 0,
    output_cap_tokens: 0,
    shared_requests_per_minute: 0,
    shared_tokens_per_minute: 0,
    shared_parallel_requests: 0,
    expand: { models: models.map((name, index) => ({ id: `model0000000000${index}`.slice(-15), name })) },
    ...more,
  });
const products = new Map([
  [STARTER, product(STARTER, '20', ['a', 'b'])],
  [TEAM, product(TEAM, '50', ['b', 'c'], { region_rule: 'eu', requests_per_minute: 5 })],
]);

const person = (fields: Record<string, unknown> = {}): TenantPerson =>
  tenantPerson.parse({
    id: 'abcdefghijklmno',
    name: 'Ida',
    email: 'ida@example.org',
    tenant: 'abcdefghijklmno',
    product: STARTER,
    role: 'member',
    kind: 'person',
    status: 'active',
    budget_override_eur: '',
    cost_centre: '',
    requests_per_minute: 0,
    tokens_per_minute: 0,
    parallel_requests: 0,
    locale: 'de',
    ...fields,
  });
const figures = (limit: string, spent: string, held = '0.00') => ({ limit, spent, held, remaining: null });
const typedOver = (of: TenantPerson, typed: Partial<ReturnType<typeof personValues>>) => ({
  ...personValues(of),
  ...typed,
});

describe('what is sent', () => {
  it('is only what was changed', () => {
    const ida = person();
    expect(personChanges(ida, personValues(ida))).toEqual({});
    expect(personChanges(ida, typedOver(ida, { cost_centre: ' 4711 ', product: TEAM }))).toEqual({
      cost_centre: '4711',
      product: TEAM,
    });
  });
  it('has limits as numbers; an empty one is the product’s', () => {
    const ida = person({ parallel_requests: 3 });
    const typed = typedOver(ida, { requests_per_minute: '5', parallel_requests: '' });
    expect(personChanges(ida, typed)).toEqual({ requests_per_minute: 5, parallel_requests: 0 });
  });

  it('tells an amount of 0 from none', () => {
    const ida = person({ budget_override_eur: '0' });
    expect(personValues(ida)).toMatchObject({ budget: 'own', budget_override_eur: '0' });
    expect(personChanges(ida, typedOver(ida, { budget: 'product' }))).toEqual({ budget_override_eur: '' });
    const none = person();
    expect(personChanges(none, typedOver(none, { budget: 'own', budget_override_eur: '0' }))).toEqual({
      budget_override_eur: '0.00',
    });
    expect(personChanges(none, typedOver(none, { budget_override_eur: '7' }))).toEqual({});
  });
});

describe('what saving will do', () => {
  const effects = (
    of: TenantPerson,
    typed: Parameters<typeof typedOver>[1],
    known = figures('25.00', '4.00', '1.00'),
  ) => personEffects(of, typedOver(of, typed), { products, figures: known });

  it('a product in mid-month: the new limit with what was topped up, and the models', () => {
    expect(effects(person(), { product: TEAM })).toEqual([
      { kind: 'limit', before: '25.00', after: '55.00' },
      { kind: 'freeThen', spent: '4.00', held: '1.00', free: '50.00' },
      { kind: 'modelsAdded', names: ['c'] },
      { kind: 'modelsRemoved', names: ['a'] },
      { kind: 'regionEu' },
      { kind: 'limits' },
    ]);
  });

  it('an own amount stays when the product changes', () => {
    const own = person({ budget_override_eur: '12' });
    expect(effects(own, { product: TEAM }).slice(0, 1)).toEqual([{ kind: 'ownBudgetStays', amount: '12' }]);
  });

  it('less than was spent, and nothing at all', () => {
    const typed = (amount: string) => ({ budget: 'own', budget_override_eur: amount });
    const kinds = (amount: string) =>
      effects(person(), typed(amount), figures('20.00', '4.00')).map(({ kind }) => kind);
    expect(kinds('3')).toEqual(['limit', 'usedUpThen']);
    expect(kinds('0')).toEqual(['limit', 'nothingAllowed']);
    expect(kinds('no amount')).toEqual([]);
    expect(kinds('20,00')).toEqual([]);
  });

  it('a role ends sessions', () => {
    expect(effects(person(), { role: 'tenant_admin' })).toEqual([{ kind: 'sessionsEnd' }]);
  });

  it('what is free then is the new limit without what is spent and held', () => {
    const cents = fc.bigInt({ min: 0n, max: 100_000n }).map((amount) => formatEur(amount * 10_000_000n));
    fc.assert(
      fc.property(cents, cents, cents, cents, (spent, held, extra, amount) => {
        const limit = formatEur(parseEur('20') + parseEur(extra));
        const found = effects(person(), { budget: 'own', budget_override_eur: amount }, figures(limit, spent, held));
        const after = parseEur(amount) + parseEur(extra);
        const free = after - parseEur(spent) - parseEur(held);
        if (parseEur(amount) === parseEur('20')) return expect(found).toEqual([]);
        expect(found[0]).toEqual({ kind: 'limit', before: limit, after: formatEur(after) });
        if (free > 0n) expect(found[1]).toMatchObject({ kind: 'freeThen', free: formatEur(free) });
        else expect(['usedUpThen', 'nothingAllowed']).toContain(found[1]?.kind);
      }),
    );
  });
});
