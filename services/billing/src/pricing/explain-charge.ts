/** A charge step by step, as people can follow it: what `priceUsage` reckons at once, with nothing rounded in between. */
import {
  type ChargeCalculation,
  type ChargeLine,
  formatEur,
  INPUT_METERS,
  METERS,
  type MeterCounts,
  type ServiceTier,
} from '@cloudfreedom/contracts';
import { add, type Decimal, formatDecimal, isGreater, multiply, parseDecimal, timesUnits, ZERO } from './decimal.ts';
import { findPrice, markupFactor, type PriceList, priceUsage, type Terms } from './price.ts';

const PER_MILLION_PLACES = 6;

function linesOf(list: PriceList, tier: ServiceTier, meters: MeterCounts): { lines: ChargeLine[]; usd: Decimal } {
  const inputTokens = INPUT_METERS.reduce((sum, meter) => sum + (meters[meter] ?? 0), 0);
  let total = ZERO;
  const lines = METERS.flatMap((meter): ChargeLine[] => {
    const units = meters[meter];
    if (units === undefined) return [];
    const price = findPrice(list, tier, inputTokens, meter);
    const { digits, places } = timesUnits(parseDecimal(price.usdPerMillion), BigInt(units));
    const usd = { digits, places: places + PER_MILLION_PLACES };
    total = add(total, usd);
    const usdPerMillion = formatDecimal(parseDecimal(price.usdPerMillion));
    return [{ meter, pricedAs: price.pricedAs, units, usdPerMillion, usd: formatDecimal(usd) }];
  });
  return { lines, usd: total };
}

/** @param serviceTiers the one that was served, or all that it can have been: the dearest counts */
export function explainCharge(
  terms: Terms,
  meters: MeterCounts,
  serviceTiers: readonly [ServiceTier, ...ServiceTier[]],
): Omit<ChargeCalculation, 'priceVersion'> {
  let serviceTier = serviceTiers[0];
  let dearest = linesOf(terms.priceList, serviceTier, meters);
  for (const tier of serviceTiers.slice(1)) {
    const other = linesOf(terms.priceList, tier, meters);
    if (isGreater(other.usd, dearest.usd)) [serviceTier, dearest] = [tier, other];
  }
  const eur = multiply(dearest.usd, parseDecimal(terms.eurPerUsd));
  const { chargeNanoEur, costNanoEur } = priceUsage(terms, meters, [serviceTier]);
  return {
    serviceTier,
    lines: dearest.lines,
    usd: formatDecimal(dearest.usd),
    eurPerUsd: formatDecimal(parseDecimal(terms.eurPerUsd)),
    eur: formatDecimal(eur),
    markupPercent: formatDecimal(parseDecimal(terms.markupPercent)),
    eurWithMarkup: formatDecimal(multiply(eur, markupFactor(terms))),
    cost: formatEur(costNanoEur),
    charge: formatEur(chargeNanoEur),
  };
}
