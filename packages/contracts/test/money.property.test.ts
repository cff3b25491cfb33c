import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eurAmount, eurAmountNotNegative, formatEur, parseEur } from '../src/money.ts';

const LARGEST_NANO_EUR = 10n ** 19n - 1n;
const nanoEur = fc.bigInt({ min: -LARGEST_NANO_EUR, max: LARGEST_NANO_EUR });

describe('euro amounts on the wire', () => {
  test('what is written is read back exactly, and passes the schema', () => {
    fc.assert(
      fc.property(nanoEur, (amount) => {
        const text = formatEur(amount);
        expect(parseEur(text)).toBe(amount);
        expect(eurAmount.safeParse(text).success).toBe(true);
        expect(eurAmountNotNegative.safeParse(text).success).toBe(amount >= 0n);
      }),
    );
  });

  test('cents are always shown, further places only where they say something', () => {
    expect([0n, 1n, -1n, 20_000_000_000n, 4_217_000n, 1_230_000_000n].map(formatEur)).toEqual([
      '0.00',
      '0.000000001',
      '-0.000000001',
      '20.00',
      '0.004217',
      '1.23',
    ]);
  });

  test.each(['', '1,5', '1e3', ' 1', '.5', '1.', '0x10', '1.0000000001', '12345678901', 'NaN', '+1'])(
    '%j is no amount',
    (text) => {
      expect(() => parseEur(text)).toThrow(RangeError);
      expect(eurAmount.safeParse(text).success).toBe(false);
    },
  );
});
