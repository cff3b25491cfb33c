import { expect, it } from 'vitest';
import { readTypedAmount } from '../src/money/typed-amount.ts';

it.each([
  ['12,50', '12.50'],
  ['12.5', '12.50'],
  [' 25 € ', '25.00'],
  ['0', '0.00'],
  ['0,125', '0.125'],
  ['1000', '1000.00'],
  ['0.000000001', '0.000000001'],
  ['1.000,50', '1000.50'],
  ['1,000.5', '1000.50'],
  ['1.234.567', '1234567.00'],
  ['1.234.567,891', '1234567.891'],
  ['007', '7.00'],
  ['9999999999', '9999999999.00'],
])('takes %j as %s', (typed, amount) => expect(readTypedAmount(typed)).toEqual({ ok: true, amount }));

it.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['-1', 'negative'],
  ['−1', 'negative'],
  ['1.000', 'ambiguous'],
  ['12,345', 'ambiguous'],
  ['1.00,50', 'not_a_number'],
  ['1.000,50,1', 'not_a_number'],
  ['1.000.50', 'not_a_number'],
  ['1,000,50', 'not_a_number'],
  ['zwölf', 'not_a_number'],
  ['1e3', 'not_a_number'],
  ['12345678901', 'too_large'],
  ['12.345.678.901,00', 'too_large'],
  ['1,0000000001', 'not_a_number'],
])('refuses %j as %s', (typed, fault) => expect(readTypedAmount(typed)).toEqual({ ok: false, fault }));
