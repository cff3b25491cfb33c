import { describe, expect, it } from 'vitest';
import { limitShown, monthlyLimitOf, readPeopleView, tenantPerson } from '../src/people/person.ts';
import { tokensOf } from '../src/usage/tokens.ts';

const view = (query: string) => readPeopleView(new URLSearchParams(query));

describe('the view of the people in the address', () => {
  it('has defaults', () => {
    expect(view('')).toEqual({ search: '', sort: 'name', descending: false, page: 1 });
  });
  it('is read', () => {
    expect(view('q=anna&sort=-product&page=3')).toEqual({ search: 'anna', sort: 'product', descending: true, page: 3 });
  });
  it.each(['sort=password&page=0', 'page=-1', 'page=x', 'page=1e99'])(
    'falls back where it makes no sense: %s',
    (query) => {
      expect(view(query)).toMatchObject({ sort: 'name', page: 1 });
    },
  );
});

describe('a person of PocketBase', () => {
  const record = {
    id: 'abcdefghijklmno',
    name: '',
    email: 'a@example.org',
    tenant: 'abcdefghijklmno',
    product: '',
    role: 'member',
    kind: 'person',
    status: 'active',
    budget_override_eur: '',
    cost_centre: '',
    locale: 'de',
  };
  it('is called by the e-mail where there is no name', () => {
    expect(tenantPerson.parse(record)).toMatchObject({ name: 'a@example.org', product: null, budgetOverrideEur: '' });
  });
  it('is refused with an amount that is none', () => {
    expect(tenantPerson.safeParse({ ...record, budget_override_eur: '1e3' }).success).toBe(false);
  });
});

describe('the limit that figures should have after a change', () => {
  const product = { id: 'abcdefghijklmno', name: 'Starter', monthly_budget_eur: '20' };
  const figures = (limit: string | null) => ({
    tenantId: 't',
    currency: 'EUR' as const,
    period: { start: '', end: '', timeZone: 'Europe/Berlin' },
    tenant: { limit: null, spent: '0.00', held: '0.00', remaining: null },
    people: [{ subjectId: 'p', limit, spent: '0.00', held: '0.00', remaining: limit }],
  });
  it('is the own amount, else the product’s, else nothing', () => {
    expect(monthlyLimitOf({ budgetOverrideEur: '0.00', product })).toBe('0.00');
    expect(monthlyLimitOf({ budgetOverrideEur: '', product })).toBe('20');
    expect(monthlyLimitOf({ budgetOverrideEur: '', product: null })).toBe('0.00');
  });
  it('is there when the amounts are equal, however they are written', () => {
    expect(limitShown(figures('20.00'), 'p', '20')).toBe(true);
    expect(limitShown(figures('20.00'), 'p', '12.50')).toBe(false);
    expect(limitShown(figures(null), 'p', '0')).toBe(false);
    expect(limitShown(figures('20.00'), 'other', '20')).toBe(false);
    expect(limitShown(undefined, 'p', '20')).toBe(false);
  });
});

it('tokens: unknown is not 0', () => {
  expect(tokensOf({ uncached_input: 5, cache_read: 7, output_text: 0 })).toEqual({ input: 12, output: 0 });
  expect(tokensOf({})).toEqual({ input: null, output: null });
  expect(tokensOf({ reasoning: 3 })).toEqual({ input: null, output: 3 });
});
