/** Money as people read it: decimal strings of the contracts -> text of a language. Rounded by bigint, never by float. */
import { formatEur, parseEur } from '@cloudfreedom/contracts';
import { numberFormat } from '../format/formatters.ts';
import type { Language } from '../i18n/language.ts';

const NANO_DIGITS = 9;
const TEN_CENTS_NANO_EUR = 100_000_000n;

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

/** `down` for what is free: money that is not there must never be shown. */
export type Rounding = 'nearest' | 'down';

/** Round half away from zero, or down, to `places` decimals of a euro. */
function roundedTo(amountNanoEur: bigint, places: number, rounding: Rounding = 'nearest'): bigint {
  const step = 10n ** BigInt(NANO_DIGITS - places);
  if (rounding === 'down') return amountNanoEur - (((amountNanoEur % step) + step) % step);
  const steps = (absolute(amountNanoEur) + step / 2n) / step;
  return (amountNanoEur < 0n ? -1n : 1n) * steps * step;
}

/**
 * Decimals that matter: 2 from ten cents on, below that as many as show two digits that are not zero (at most 9), without
 * trailing zeros beyond the cents: 41.2 -> 2, 0.004217 -> 4, 0.05 -> 2.
 */
export function decimalsThatMatter(amountNanoEur: bigint): number {
  const amount = absolute(amountNanoEur);
  if (amount === 0n || amount >= TEN_CENTS_NANO_EUR) return 2;
  const digits = amount.toString().length;
  let places = Math.min(NANO_DIGITS, NANO_DIGITS - digits + 2);
  const rounded = absolute(roundedTo(amount, places));
  while (places > 2 && rounded % 10n ** BigInt(NANO_DIGITS - places + 1) === 0n) places -= 1;
  return places;
}

function textOf(amountNanoEur: bigint, places: number, language: Language): string {
  const format = numberFormat(language, {
    style: 'currency',
    currency: 'EUR',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return format.format(formatEur(amountNanoEur) as `${number}`);
}

/**
 * Euro amount for reading: "0.004217" -> "0,0042 €" (de) or "€0.0042" (en).
 * @throws RangeError when `amount` is not a decimal string of the contracts
 */
export function moneyText(amount: string, language: Language, rounding: Rounding = 'nearest'): string {
  const nanoEur = parseEur(amount);
  const places = decimalsThatMatter(nanoEur);
  return textOf(roundedTo(nanoEur, places, rounding), places, language);
}

/** The same amount with every digit that it has: "0,004217 €". */
export function exactMoneyText(amount: string, language: Language): string {
  const nanoEur = parseEur(amount);
  const [, fraction = ''] = formatEur(nanoEur).split('.');
  return textOf(nanoEur, fraction.length, language);
}
