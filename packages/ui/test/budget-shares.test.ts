import { formatEur } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { budgetShares, freeAmount } from '../src/money/budget-shares.ts';

const figures = (limit: string | null, spent: string, held: string) => ({ limit, spent, held, remaining: null });

it('parts of a budget', () => {
  expect(budgetShares(figures('50', '41.20', '0.50'))).toEqual({
    spentPermille: 824,
    heldPermille: 10,
    freePermille: 166,
    state: 'low',
  });
  expect(budgetShares(figures('50', '10', '0')).state).toBe('fine');
});

it('a budget of nothing, an overspent one, and none at all', () => {
  expect(budgetShares(figures('0', '0', '0'))).toMatchObject({ spentPermille: 1000, state: 'used_up' });
  expect(budgetShares(figures('10', '12', '1'))).toMatchObject({
    spentPermille: 1000,
    heldPermille: 0,
    state: 'used_up',
  });
  expect(budgetShares(figures('10', '9', '1'))).toMatchObject({ freePermille: 0, state: 'used_up' });
  expect(budgetShares(figures(null, '12', '1')).state).toBe('unlimited');
});

it('a tiny part stays visible', () => {
  expect(budgetShares(figures('1000', '0.000001', '0')).spentPermille).toBe(1);
});

it('the parts always sum up to the whole, none is negative', () => {
  const amount = fc.bigInt(-(10n ** 12n), 10n ** 15n).map(formatEur);
  fc.assert(
    fc.property(amount, amount, amount, (limit, spent, held) => {
      const shares = budgetShares(figures(limit, spent, held));
      expect(shares.spentPermille + shares.heldPermille + shares.freePermille).toBe(1000);
      expect(Math.min(shares.spentPermille, shares.heldPermille, shares.freePermille)).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('free is what is left, never less than nothing', () => {
  expect(freeAmount(figures('50', '41.20', '0.50'))).toBe('8.30');
  expect(freeAmount(figures('10', '12', '0'))).toBe('0.00');
  expect(freeAmount(figures(null, '12', '0'))).toBeNull();
});
