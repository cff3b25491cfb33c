/**
 * What units cost: exact rational arithmetic on bigints, rounded once, up, to a nano-euro.
 * charge = ceil( sum(units x USD per million) / 10^6 x EUR per USD x (1 + mark-up / 100) x 10^9 ); cost: no mark-up.
 */
import {
  INPUT_METERS,
  type Meter,
  type MeterCounts,
  OUTPUT_METERS,
  RARE_METERS,
  type Reach,
  type ServiceTier,
} from '@cloudfreedom/contracts';
import { add, type Decimal, isGreater, multiply, ONE, parseDecimal, roundUp, timesUnits, ZERO } from './decimal.ts';

/**
 * Prices of one service tier from an input size on. The standard tier has a step that counts from 0. What a further step
 * doesn't name stays as in the first of its tier, and what a tier doesn't name costs what it costs in the standard one.
 */
interface PriceStep {
  /** Absent: standard. */
  serviceTier?: ServiceTier | undefined;
  aboveInputTokens: number;
  /** Decimal strings. */
  usdPerMillion: Partial<Record<Meter, string>>;
}
export type PriceList = PriceStep[];

/** What a reservation fixes for good. All three are decimal strings or made of them. */
export interface Terms {
  priceList: PriceList;
  eurPerUsd: string;
  markupPercent: string;
}

/** How much a request can use, and by what it can be counted. */
export interface PriceBounds {
  inputTokensMax: number;
  choices: number;
  /** Absent: plain. */
  reach?: Reach | undefined;
}

/** Plain tokens of the standard tier. */
export const PLAIN_REACH: Reach = { serviceTiers: ['standard'], rareMeters: [], serverToolCallsMax: 0 };

/** Nano-euro per millionth of a euro: 10^9 / 10^6. */
const NANO_PER_MILLIONTH: Decimal = { digits: 1_000n, places: 0 };

/** What a meter without a price of its own is counted by. */
const INSTEAD: Partial<Record<Meter, Meter>> = {
  cache_read: 'uncached_input',
  cache_write: 'uncached_input',
  cache_write_1h: 'cache_write',
  input_audio: 'uncached_input',
  reasoning: 'output_text',
  output_audio: 'output_text',
  output_image: 'output_text',
};

/** 1 + mark-up, for "20" 1.20. */
export function markupFactor(terms: Pick<Terms, 'markupPercent'>): Decimal {
  const percent = parseDecimal(terms.markupPercent);
  return add(ONE, { digits: percent.digits, places: percent.places + 2 });
}

/** USD x 10^6 -> nano-euro, rounded up. */
function toNanoEur(usdMillionths: Decimal, terms: Pick<Terms, 'eurPerUsd'>, factor: Decimal): bigint {
  return roundUp(
    multiply(multiply(multiply(usdMillionths, parseDecimal(terms.eurPerUsd)), factor), NANO_PER_MILLIONTH),
  );
}

/** The price that a tier itself names for a meter at an input size. */
function namedPrice(list: PriceList, tier: ServiceTier, inputTokens: number, meter: Meter): string | undefined {
  let first: PriceStep | undefined;
  let chosen: PriceStep | undefined;
  for (const step of list) {
    if ((step.serviceTier ?? 'standard') !== tier) continue;
    if (step.aboveInputTokens === 0) first = step;
    else if (inputTokens <= step.aboveInputTokens) continue;
    if (!chosen || step.aboveInputTokens > chosen.aboveInputTokens) chosen = step;
  }
  return chosen?.usdPerMillion[meter] ?? first?.usdPerMillion[meter];
}

/**
 * The price that counts for a meter, and the meter that names it. A server tool without a price costs nothing; whoever may
 * call one is asked for its price before. @throws RangeError where nothing names one
 */
export function findPrice(
  list: PriceList,
  tier: ServiceTier,
  inputTokens: number,
  meter: Meter,
): { pricedAs: Meter; usdPerMillion: string } {
  const text = namedPrice(list, tier, inputTokens, meter) ?? namedPrice(list, 'standard', inputTokens, meter);
  if (text !== undefined) return { pricedAs: meter, usdPerMillion: text };
  if (meter === 'server_tool_call') return { pricedAs: meter, usdPerMillion: '0' };
  const instead = INSTEAD[meter];
  if (instead) return findPrice(list, tier, inputTokens, instead);
  throw new RangeError(`the price list has no price for ${meter}`);
}

const priceOf = (list: PriceList, tier: ServiceTier, inputTokens: number, meter: Meter): Decimal =>
  parseDecimal(findPrice(list, tier, inputTokens, meter).usdPerMillion);

/** Input and output have a price: without both a model is not served. */
export function isComplete(list: PriceList | undefined): list is PriceList {
  if (!list) return false;
  return (['uncached_input', 'output_text'] as const).every(
    (meter) => namedPrice(list, 'standard', 0, meter) !== undefined,
  );
}

/** Service tiers with a list of their own, and meters beside plain tokens that have a price. */
export function pricedReachOf(list: PriceList): { serviceTiers: ServiceTier[]; meters: Meter[] } {
  const tiers = new Set(list.map(({ serviceTier }) => serviceTier ?? 'standard'));
  const named = new Set(list.flatMap(({ usdPerMillion }) => Object.keys(usdPerMillion)));
  return {
    serviceTiers: [...tiers],
    meters: [...RARE_METERS, 'server_tool_call' as const].filter((m) => named.has(m)),
  };
}

/** Nothing that a request can reach is without a price. */
export function covers(list: PriceList, reach: Reach): boolean {
  const { serviceTiers, meters } = pricedReachOf(list);
  const needed: Meter[] = reach.serverToolCallsMax > 0 ? [...reach.rareMeters, 'server_tool_call'] : reach.rareMeters;
  return (
    reach.serviceTiers.every((tier) => tier === 'standard' || serviceTiers.includes(tier)) &&
    needed.every((meter) => meters.includes(meter))
  );
}

/** What a million units cost at one price: what the budget pays and what the provider takes, nano-euro, rounded up. */
export function pricePerMillion(
  terms: Pick<Terms, 'eurPerUsd' | 'markupPercent'>,
  usdPerMillion: string,
): { chargeNanoEur: bigint; costNanoEur: bigint } {
  const usdMillionths = timesUnits(parseDecimal(usdPerMillion), 1_000_000n);
  return {
    chargeNanoEur: toNanoEur(usdMillionths, terms, markupFactor(terms)),
    costNanoEur: toNanoEur(usdMillionths, terms, ONE),
  };
}

function usdMillionthsOf(list: PriceList, meters: MeterCounts, tier: ServiceTier): Decimal {
  const inputTokens = INPUT_METERS.reduce((sum, meter) => sum + (meters[meter] ?? 0), 0);
  let sum = ZERO;
  for (const [meter, units] of Object.entries(meters) as [Meter, number][])
    sum = add(sum, timesUnits(priceOf(list, tier, inputTokens, meter), BigInt(units)));
  return sum;
}

/**
 * @param serviceTiers the one that was served; where that is unknown all that it can have been: the dearest counts
 * @returns what the budget pays and what the provider takes, nano-euro; the step is that of the whole input
 */
export function priceUsage(
  terms: Terms,
  meters: MeterCounts,
  serviceTiers: readonly ServiceTier[] = PLAIN_REACH.serviceTiers,
): { chargeNanoEur: bigint; costNanoEur: bigint } {
  let dearest = ZERO;
  for (const tier of serviceTiers) {
    const usdMillionths = usdMillionthsOf(terms.priceList, meters, tier);
    if (isGreater(usdMillionths, dearest)) dearest = usdMillionths;
  }
  return {
    chargeNanoEur: toNanoEur(dearest, terms, markupFactor(terms)),
    costNanoEur: toNanoEur(dearest, terms, ONE),
  };
}

interface Dearest<M extends Meter> {
  meter: M;
  price: Decimal;
}

/** Of the meters, tiers and steps that a request can fall into, the one that costs most. */
function dearestOf<M extends Meter>(terms: Terms, bounds: PriceBounds, meters: readonly [M, ...M[]]): Dearest<M> {
  const { rareMeters, serviceTiers } = bounds.reach ?? PLAIN_REACH;
  const absent = new Set<Meter>(RARE_METERS.filter((meter) => !rareMeters.includes(meter)));
  const sizes = [0];
  for (const { aboveInputTokens } of terms.priceList)
    if (aboveInputTokens > 0 && bounds.inputTokensMax > aboveInputTokens) sizes.push(aboveInputTokens + 1);
  let dearest: Dearest<M> = { meter: meters[0], price: ZERO };
  for (const meter of meters) {
    if (absent.has(meter)) continue;
    for (const tier of serviceTiers)
      for (const size of sizes) {
        const price = priceOf(terms.priceList, tier, size, meter);
        if (isGreater(price, dearest.price)) dearest = { meter, price };
      }
  }
  return dearest;
}

/** The meters by which a request of this size can cost most: what a hold counts by, and an estimate of the unknown. */
export function dearestMeters(
  terms: Terms,
  bounds: PriceBounds,
): { input: (typeof INPUT_METERS)[number]; output: (typeof OUTPUT_METERS)[number] } {
  return {
    input: dearestOf(terms, bounds, INPUT_METERS).meter,
    output: dearestOf(terms, bounds, OUTPUT_METERS).meter,
  };
}

/** What a hold costs as its output grows, nano-euro. */
function holdPriceOf(terms: Terms, bounds: PriceBounds): (outputTokens: number) => bigint {
  const input = dearestOf(terms, bounds, INPUT_METERS).price;
  const output = dearestOf(terms, bounds, OUTPUT_METERS).price;
  const calls = bounds.reach?.serverToolCallsMax ?? 0;
  let fixed = timesUnits(input, BigInt(bounds.inputTokensMax));
  if (calls > 0) fixed = add(fixed, timesUnits(dearestOf(terms, bounds, ['server_tool_call']).price, BigInt(calls)));
  const factor = markupFactor(terms);
  return (outputTokens) =>
    toNanoEur(add(fixed, timesUnits(output, BigInt(outputTokens) * BigInt(bounds.choices))), terms, factor);
}

/**
 * An upper bound of what a request can be charged, nano-euro: at the dearest meters of the dearest step and tier it can
 * reach, all its server tool calls included.
 * @param outputTokens per choice
 */
export function priceHold(terms: Terms, bounds: PriceBounds, outputTokens: number): bigint {
  return holdPriceOf(terms, bounds)(outputTokens);
}

/**
 * The most output tokens per choice, up to a cap, whose hold fits into an amount; -1 when not even the input fits.
 * By halving: a hold has one definition, and it never falls as the output grows.
 */
export function affordableOutputTokens(
  terms: Terms,
  bounds: PriceBounds,
  amountNanoEur: bigint,
  capTokens: number,
): number {
  const holdPrice = holdPriceOf(terms, bounds);
  if (holdPrice(capTokens) <= amountNanoEur) return capTokens;
  let fits = -1;
  let beyond = capTokens;
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (holdPrice(middle) <= amountNanoEur) fits = middle;
    else beyond = middle;
  }
  return fits;
}
