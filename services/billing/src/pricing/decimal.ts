/** Decimal numbers without sign as a bigint and its places: prices, rates and mark-ups are exact, never floats. */

export interface Decimal {
  digits: bigint;
  places: number;
}

export const ZERO: Decimal = { digits: 0n, places: 0 };
export const ONE: Decimal = { digits: 1n, places: 0 };

/** The same few prices, rates and mark-ups come again with every request. */
const DECIMALS_REMEMBERED = 1_000;
const decimals = new Map<string, Decimal>();

/** @throws RangeError when the text is not a decimal number without sign or exponent */
export function parseDecimal(text: string): Decimal {
  const known = decimals.get(text);
  if (known) return known;
  if (decimals.size >= DECIMALS_REMEMBERED) decimals.clear();
  const decimal = readDecimal(text);
  decimals.set(text, decimal);
  return decimal;
}

function readDecimal(text: string): Decimal {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${JSON.stringify(text)}`);
  const fraction = match[2] ?? '';
  return { digits: BigInt(`${match[1]}${fraction}`), places: fraction.length };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  return {
    digits: a.digits * 10n ** BigInt(places - a.places) + b.digits * 10n ** BigInt(places - b.places),
    places,
  };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, places: a.places + b.places };
}

/** Times a whole number, not negative. */
export function timesUnits(a: Decimal, units: bigint): Decimal {
  return { digits: a.digits * units, places: a.places };
}

export function isGreater(a: Decimal, b: Decimal): boolean {
  return a.digits * 10n ** BigInt(b.places) > b.digits * 10n ** BigInt(a.places);
}

/** The least whole number that is not below `a`. */
export function roundUp(a: Decimal): bigint {
  const denominator = 10n ** BigInt(a.places);
  return (a.digits + denominator - 1n) / denominator;
}

/** As few digits as say it exactly: `0.25`, `12`. */
export function formatDecimal({ digits, places }: Decimal): string {
  const text = digits.toString().padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const fraction = text.slice(text.length - places).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
