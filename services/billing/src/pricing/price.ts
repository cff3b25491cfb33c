/**
 * What units cost: exact rational arithmetic on bigints, rounded once, up, to a nano-euro.
 * charge = ceil( sum(units x USD per million) / 10^6 x EUR per USD x (1 + mark-up / 100) x 10^9 ); cost: no mark-up.
 */
import type { Meter, MeterCounts } from '@cloudfreedom/contracts';

/** Prices from an input size on; the first one counts from 0. What a further one doesn't name stays as in the first. */
interface PriceTier {
  aboveInputTokens: number;
  /** Decimal strings. */
  usdPerMillion: Partial<Record<Meter, string>>;
}
export type PriceList = PriceTier[];

/** What a reservation fixes for good. All three are decimal strings or made of them. */
export interface Terms {
  priceList: PriceList;
  eurPerUsd: string;
  markupPercent: string;
}

interface Decimal {
  digits: bigint;
  places: number;
}

const INPUT_METERS = ['uncached_input', 'cache_write', 'cache_read'] as const;
const OUTPUT_METERS = ['output_text', 'reasoning'] as const;
const MILLION_PLACES = 6;
const NANO_PLACES = 9;

/** The same few prices, rates and mark-ups come again with every request. */
const DECIMALS_REMEMBERED = 1_000;
const decimals = new Map<string, Decimal>();

/** @throws RangeError when the text is not a decimal number without sign or exponent */
function parseDecimal(text: string): Decimal {
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

function add(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  return {
    digits: a.digits * 10n ** BigInt(places - a.places) + b.digits * 10n ** BigInt(places - b.places),
    places,
  };
}

function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, places: a.places + b.places };
}

function isGreater(a: Decimal, b: Decimal): boolean {
  return a.digits * 10n ** BigInt(b.places) > b.digits * 10n ** BigInt(a.places);
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** 1 + mark-up, for "20" 1.20. */
function markupFactor(terms: Terms): Decimal {
  const percent = parseDecimal(terms.markupPercent);
  return add({ digits: 1n, places: 0 }, { digits: percent.digits, places: percent.places + 2 });
}

/** USD x 10^6 -> nano-euro, rounded up. */
function toNanoEur(usdMillionths: Decimal, terms: Terms, factor: Decimal): bigint {
  const eur = multiply(multiply(usdMillionths, parseDecimal(terms.eurPerUsd)), factor);
  const places = eur.places + MILLION_PLACES - NANO_PLACES;
  return places >= 0 ? divideUp(eur.digits, 10n ** BigInt(places)) : eur.digits * 10n ** BigInt(-places);
}

/**
 * The price of a meter in one tier. A cache meter without a price of its own costs what uncached input costs, reasoning
 * what output costs; a server tool without a price costs nothing.
 */
function priceIn(list: PriceList, tier: PriceTier, meter: Meter): Decimal {
  const text = tier.usdPerMillion[meter] ?? list[0]?.usdPerMillion[meter];
  if (text !== undefined) return parseDecimal(text);
  if (meter === 'cache_read' || meter === 'cache_write') return priceIn(list, tier, 'uncached_input');
  if (meter === 'reasoning') return priceIn(list, tier, 'output_text');
  if (meter === 'server_tool_call') return { digits: 0n, places: 0 };
  throw new RangeError(`the price list has no price for ${meter}`);
}

/** Input and output have a price: without both a model is not served. */
export function isComplete(list: PriceList | undefined): list is PriceList {
  const base = list?.[0];
  return (
    base?.aboveInputTokens === 0 &&
    base.usdPerMillion.uncached_input !== undefined &&
    base.usdPerMillion.output_text !== undefined
  );
}

function tierFor(list: PriceList, inputTokens: number): PriceTier {
  let chosen: PriceTier | undefined;
  for (const tier of list) {
    const applies = tier.aboveInputTokens === 0 || inputTokens > tier.aboveInputTokens;
    if (applies && (!chosen || tier.aboveInputTokens > chosen.aboveInputTokens)) chosen = tier;
  }
  if (!chosen) throw new RangeError('the price list has no tier that begins at 0');
  return chosen;
}

/** @returns what the budget pays and what the provider takes, nano-euro; the tier is that of the whole input */
export function priceUsage(terms: Terms, meters: MeterCounts): { chargeNanoEur: bigint; costNanoEur: bigint } {
  const inputTokens = INPUT_METERS.reduce((sum, meter) => sum + (meters[meter] ?? 0), 0);
  const tier = tierFor(terms.priceList, inputTokens);
  let usdMillionths: Decimal = { digits: 0n, places: 0 };
  for (const [meter, units] of Object.entries(meters) as [Meter, number][]) {
    const price = priceIn(terms.priceList, tier, meter);
    usdMillionths = add(usdMillionths, { digits: price.digits * BigInt(units), places: price.places });
  }
  return {
    chargeNanoEur: toNanoEur(usdMillionths, terms, markupFactor(terms)),
    costNanoEur: toNanoEur(usdMillionths, terms, { digits: 1n, places: 0 }),
  };
}

interface Dearest<M extends Meter> {
  meter: M;
  price: Decimal;
}

function dearestOf<M extends Meter>(terms: Terms, meters: readonly [M, ...M[]], inputTokensMax: number): Dearest<M> {
  let dearest: Dearest<M> | undefined;
  for (const tier of terms.priceList) {
    if (tier.aboveInputTokens > 0 && inputTokensMax <= tier.aboveInputTokens) continue;
    for (const meter of meters) {
      const price = priceIn(terms.priceList, tier, meter);
      if (!dearest || isGreater(price, dearest.price)) dearest = { meter, price };
    }
  }
  if (!dearest) throw new RangeError('the price list has no tier that begins at 0');
  return dearest;
}

/** The meters by which a request of this size can cost most: what a hold counts by, and an estimate of the unknown. */
export function dearestMeters(
  terms: Terms,
  inputTokensMax: number,
): { input: (typeof INPUT_METERS)[number]; output: (typeof OUTPUT_METERS)[number] } {
  return {
    input: dearestOf(terms, INPUT_METERS, inputTokensMax).meter,
    output: dearestOf(terms, OUTPUT_METERS, inputTokensMax).meter,
  };
}

/**
 * An upper bound of what a request can be charged, nano-euro, at the dearest meters of the dearest tier it can reach.
 * @param outputTokens per choice
 */
export function priceHold(
  terms: Terms,
  bounds: { inputTokensMax: number; choices: number },
  outputTokens: number,
): bigint {
  const input = dearestOf(terms, INPUT_METERS, bounds.inputTokensMax).price;
  const output = dearestOf(terms, OUTPUT_METERS, bounds.inputTokensMax).price;
  const usdMillionths = add(
    { digits: input.digits * BigInt(bounds.inputTokensMax), places: input.places },
    { digits: output.digits * BigInt(outputTokens) * BigInt(bounds.choices), places: output.places },
  );
  return toNanoEur(usdMillionths, terms, markupFactor(terms));
}

/**
 * The most output tokens per choice, up to a cap, whose hold fits into an amount; -1 when not even the input fits.
 * By halving: `priceHold` is the one definition of a hold, and it never falls as the output grows.
 */
export function affordableOutputTokens(
  terms: Terms,
  bounds: { inputTokensMax: number; choices: number },
  amountNanoEur: bigint,
  capTokens: number,
): number {
  if (priceHold(terms, bounds, capTokens) <= amountNanoEur) return capTokens;
  let fits = -1;
  let beyond = capTokens;
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (priceHold(terms, bounds, middle) <= amountNanoEur) fits = middle;
    else beyond = middle;
  }
  return fits;
}
