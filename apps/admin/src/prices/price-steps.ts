/** The prices of a version as the fields of a form, and back. */
import { METERS, type Meter, type PriceStepInput, type ServiceTier } from '@cloudfreedom/contracts';

export interface PricePlace {
  serviceTier: ServiceTier;
  aboveInputTokens: number;
  meter: Meter;
  /** As it is now; empty: there is none. */
  price: string;
  /** Of the standard tier, for any input size. */
  isUsual: boolean;
  /** Without it the list is none. */
  needed: boolean;
}

/** Every model may have these. */
const ALWAYS: readonly Meter[] = ['uncached_input', 'cache_read', 'cache_write', 'output_text'];
const NEEDED: readonly Meter[] = ['uncached_input', 'output_text'];

export const pricePlace = ({ serviceTier, aboveInputTokens, meter }: PricePlace): string =>
  `${serviceTier} ${aboveInputTokens} ${meter}`;

/** What the version names, and of its first step the usual meters too. */
export function placesOf(steps: readonly PriceStepInput[]): PricePlace[] {
  return steps.flatMap(({ serviceTier, aboveInputTokens, usdPerMillion }) => {
    const isUsual = serviceTier === 'standard' && aboveInputTokens === 0;
    const meters = METERS.filter((meter) => usdPerMillion[meter] !== undefined || (isUsual && ALWAYS.includes(meter)));
    return meters.map((meter) => ({
      serviceTier,
      aboveInputTokens,
      meter,
      price: usdPerMillion[meter] ?? '',
      isUsual,
      needed: isUsual && NEEDED.includes(meter),
    }));
  });
}

/** @param priceOf undefined: this one is left out. A step without any price is left out too. */
export function stepsOf(
  places: readonly PricePlace[],
  priceOf: (place: PricePlace) => string | undefined,
): PriceStepInput[] {
  const steps = new Map<string, PriceStepInput>();
  for (const place of places) {
    const price = priceOf(place);
    if (price === undefined) continue;
    const { serviceTier, aboveInputTokens, meter } = place;
    const key = `${serviceTier} ${aboveInputTokens}`;
    const step = steps.get(key) ?? { serviceTier, aboveInputTokens, usdPerMillion: {} };
    step.usdPerMillion[meter] = price;
    steps.set(key, step);
  }
  return [...steps.values()];
}
