/**
 * Money on the wire: a decimal string in euro with at most nine places ("0.004217"), which is a bigint of
 * nano-euro inside. Never a float: 0.1 + 0.2 is not a price.
 */
import { z } from 'zod';

const NANO_DIGITS = 9;
const NANO_PER_EUR = 10n ** BigInt(NANO_DIGITS);
const DECIMAL_EUR = /^(-?)(\d{1,10})(?:\.(\d{1,9}))?$/;

/** Euro as a decimal string, may be negative (a remainder after a correction). */
export const eurAmount = z
  .string()
  .regex(DECIMAL_EUR, 'a decimal string in euro with at most 9 places, for example "12.50"')
  .meta({ description: 'Euro, decimal string with at most nine places', example: '12.50' });

/** Euro as a decimal string, not negative (a budget, a charge). */
export const eurAmountNotNegative = eurAmount.refine((value) => !value.startsWith('-'), 'must not be negative');

/** What a provider takes for a million units of a meter. */
export const usdPerMillion = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,9})?$/, 'a decimal string in USD with at most 9 places, for example "0.15"')
  .meta({ description: 'USD per million units, decimal string; "0" is a price', example: '0.15' });

/**
 * Decimal euro -> nano-euro (1 EUR = 10^9).
 * @throws RangeError when the text is not a decimal with at most ten digits before and nine after the point
 */
export function parseEur(text: string): bigint {
  const match = DECIMAL_EUR.exec(text);
  if (!match) throw new RangeError(`not a decimal euro amount: ${JSON.stringify(text)}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const amount = BigInt(whole) * NANO_PER_EUR + BigInt(fraction.padEnd(NANO_DIGITS, '0'));
  return sign ? -amount : amount;
}

/** Nano-euro -> decimal euro, at least two places, no trailing zeros beyond them: 4217000n -> "0.004217". */
export function formatEur(amountNanoEur: bigint): string {
  const negative = amountNanoEur < 0n;
  const absolute = negative ? -amountNanoEur : amountNanoEur;
  const fraction = (absolute % NANO_PER_EUR)
    .toString()
    .padStart(NANO_DIGITS, '0')
    .replace(/0{1,7}$/, '');
  return `${negative ? '-' : ''}${absolute / NANO_PER_EUR}.${fraction}`;
}
