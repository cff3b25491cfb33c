import { describe, expect, it } from 'vitest';
import { readPeopleView, tenantPerson } from '../src/people/person.ts';
import { tokensOf } from '../src/usage/tokens.ts';

const view = (query: string) => readPeopleView(new URLSearchParams(query));

const everybody = { role: '', status: '', kind: '', product: '' };

describe('the view of the people in the address', () => {
  it('has defaults', () => {
    expect(view('')).toEqual({ ...everybody, search: '', sort: 'name', descending: false, page: 1, edge: null });
  });
  it('is read', () => {
    expect(view('q=anna&sort=-product&page=3&status=suspended&role=member&product=abcdefghijklmno')).toEqual({
      ...everybody,
      search: 'anna',
      sort: 'product',
      descending: true,
      page: 3,
      status: 'suspended',
      role: 'member',
      product: 'abcdefghijklmno',
      edge: null,
    });
  });
  it('begins behind somebody, or ends before', () => {
    expect(view('page=2&after=abcdefghijklmno').edge).toEqual({ side: 'after', personId: 'abcdefghijklmno' });
    expect(view('page=2&before=abcdefghijklmno').edge).toEqual({ side: 'before', personId: 'abcdefghijklmno' });
    expect(view('page=2&after=x" || id != "').edge).toBeNull();
  });
  it.each([
    'role=boss&status=asleep&product=x"%20||%20id&kind=cat',
    'sort=password&page=0',
    'page=-1',
    'page=x',
    'page=1e99',
  ])('falls back where it makes no sense: %s', (query) => {
    expect(view(query)).toMatchObject({ ...everybody, sort: 'name', page: 1 });
  });
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
    requests_per_minute: 0,
    tokens_per_minute: 0,
    parallel_requests: 0,
  };
  it('is called by the e-mail where there is no name', () => {
    expect(tenantPerson.parse(record)).toMatchObject({ name: 'a@example.org', product: null, budgetOverrideEur: '' });
  });
  it('is refused with an amount that is none', () => {
    expect(tenantPerson.safeParse({ ...record, budget_override_eur: '1e3' }).success).toBe(false);
  });
});

it('tokens: unknown is not 0', () => {
  expect(tokensOf({ uncached_input: 5, cache_read: 7, output_text: 0 })).toEqual({ input: 12, output: 0 });
  expect(tokensOf({})).toEqual({ input: null, output: null });
  expect(tokensOf({ reasoning: 3 })).toEqual({ input: null, output: 3 });
});
