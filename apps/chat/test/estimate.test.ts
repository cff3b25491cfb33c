import { parseEur } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateCharge, isCostly } from '../src/costs/estimate.ts';

const CHARGE = { model: 'm', inputEurPerMillion: '0.75', outputEurPerMillion: '4.00' };

test('an estimate is the price times the length, rounded up', () => {
  expect(estimateCharge(CHARGE, 1_000_000, 0)).toBe('0.75');
  expect(estimateCharge(CHARGE, 1_000, 500)).toBe('0.00275');
  expect(estimateCharge({ ...CHARGE, inputEurPerMillion: '0.000000001' }, 1, 0)).toBe('0.000000001');
});

test('a longer request never costs less', () => {
  const tokens = fc.nat(2_000_000);
  fc.assert(
    fc.property(tokens, tokens, tokens, (input, more, output) => {
      const [short, long] = [estimateCharge(CHARGE, input, output), estimateCharge(CHARGE, input + more, output)];
      expect(parseEur(long)).toBeGreaterThanOrEqual(parseEur(short));
    }),
  );
});

test.each([
  ['0.049', '0.01', false, 'small change is sent, whatever is left'],
  ['0.05', '0.50', true, 'a tenth of what is left is asked about'],
  ['0.05', '0.51', false, 'less than a tenth is not'],
  ['0.30', '-1.00', true, 'nor is anything left'],
  ['0.99', null, false, 'without a limit below a euro'],
  ['1.00', null, true, 'without a limit from a euro on'],
] as [string, string | null, boolean, string][])('%s of %s: %s, %s', (estimate, free, costly, _why) => {
  expect(isCostly(estimate, free)).toBe(costly);
});
