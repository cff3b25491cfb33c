import { formatEur, parseEur } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsThatMatter, exactMoneyText, moneyText } from '../src/money/money-text.ts';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('moneyText', () => {
  it.each([
    ['0.004217', '0,0042 €'],
    ['41.2', '41,20 €'],
    ['0', '0,00 €'],
    ['0.05', '0,05 €'],
    ['0.0995', '0,10 €'],
    ['0.000912', '0,00091 €'],
    ['0.000000001', '0,000000001 €'],
    ['1234567.895', '1.234.567,90 €'],
    ['-0.004217', '-0,0042 €'],
    ['9999999999.999999999', '10.000.000.000,00 €'],
  ])('German %s is %s', (amount, text) => expect(plain(moneyText(amount, 'de'))).toBe(text));

  it.each([
    ['0.004217', '€0.0042'],
    ['1500', '€1,500.00'],
    ['-3.5', '-€3.50'],
  ])('English %s is %s', (amount, text) => expect(moneyText(amount, 'en')).toBe(text));

  it.each([
    ['19.9952', '€19.99'],
    ['20', '€20.00'],
    ['0.0995', '€0.09'],
    ['-0.001', '-€0.001'],
    ['-3.501', '-€3.51'],
  ])('rounded down, for what is free: %s is %s', (amount, text) => expect(moneyText(amount, 'en', 'down')).toBe(text));

  it('refuses what is not a decimal string of the contracts', () => {
    expect(() => moneyText('1e3', 'de')).toThrow(RangeError);
  });

  it('never shows something as nothing, and is off by less than one part in ten', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 18n), (nanoEur) => {
        const shown = parseEur(moneyText(formatEur(nanoEur), 'en').replace(/[€,]/g, ''));
        const difference = shown > nanoEur ? shown - nanoEur : nanoEur - shown;
        expect(shown).toBeGreaterThan(0n);
        expect(difference * 10n).toBeLessThan(nanoEur);
        expect(decimalsThatMatter(nanoEur)).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});

describe('exactMoneyText', () => {
  it('keeps every digit', () => {
    expect(plain(exactMoneyText('0.004217', 'de'))).toBe('0,004217 €');
    expect(plain(exactMoneyText('9007199254.740993001', 'de'))).toBe('9.007.199.254,740993001 €');
  });
});
