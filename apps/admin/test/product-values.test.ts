import { describe, expect, it } from 'vitest';
import { managedProduct, productChanges, productEffects, productValues } from '../src/products/product-values.ts';

const record = managedProduct.parse({
  id: 'abcdefghijklmno',
  name: 'Starter',
  monthly_budget_eur: '20',
  carry_over_cap_eur: '',
  region_rule: 'any',
  requests_per_minute: 0,
  tokens_per_minute: 0,
  parallel_requests: 4,
  output_cap_tokens: 0,
  shared_requests_per_minute: 0,
  shared_tokens_per_minute: 0,
  shared_parallel_requests: 0,
  expand: {
    models: [
      { id: 'modelbbbbbbbbbb', name: 'b' },
      { id: 'modelaaaaaaaaaa', name: 'a' },
      { id: 'modelaaaaaaaaa2', name: 'a' },
    ],
  },
});
const opened = productValues(record);
const ids = new Map([
  ['a', 'modelaaaaaaaaaa'],
  ['c', 'modelcccccccccc'],
]);
const effectsOf = (typed: Partial<typeof opened>) => productEffects(record, { ...opened, ...typed });

it('several deployments of one model are one name', () => {
  expect(record.models).toEqual(['a', 'b']);
});

describe('what is sent of a product', () => {
  it('is nothing where nothing was changed', () => {
    expect(productChanges(record, opened, ids)).toEqual({});
  });
  it('is what was changed, models by record', () => {
    const limits = { parallel_requests: '', shared_tokens_per_minute: '9000' };
    const typed = { ...opened, monthly_budget_eur: '12,5', models: 'a\nc', ...limits };
    expect(productChanges(record, typed, ids)).toEqual({
      monthly_budget_eur: '12.50',
      models: ['modelaaaaaaaaaa', 'modelcccccccccc'],
      parallel_requests: 0,
      shared_tokens_per_minute: 9000,
    });
  });
});

describe('what a change will do', () => {
  it('is nothing while nothing is changed, or the amount is the same in other digits', () => {
    expect(effectsOf({})).toEqual([]);
    expect(effectsOf({ monthly_budget_eur: '20,00' })).toEqual([]);
    expect(effectsOf({ monthly_budget_eur: 'x' })).toEqual([]);
  });
  it('tells a lowered budget from a raised one', () => {
    expect(effectsOf({ monthly_budget_eur: '19,99' })).toEqual([{ kind: 'budgetLowered' }]);
    expect(effectsOf({ monthly_budget_eur: '20.01' })).toEqual([{ kind: 'budgetRaised' }]);
  });
  it('names the models that come and go; none chosen is all', () => {
    expect(effectsOf({ models: 'b\nc' })).toEqual([
      { kind: 'modelsAdded', names: ['c'] },
      { kind: 'modelsRemoved', names: ['a'] },
    ]);
    expect(effectsOf({ models: '' })).toEqual([{ kind: 'modelsAll', names: [] }]);
  });
  it('speaks of limits, the region, carry-over and length', () => {
    expect(
      effectsOf({ region_rule: 'eu', tokens_per_minute: '5', output_cap_tokens: '9', carry_over_cap_eur: '1' }),
    ).toEqual([{ kind: 'carryOver' }, { kind: 'regionEu' }, { kind: 'limits' }, { kind: 'outputCap' }]);
  });
});
