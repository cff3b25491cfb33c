/** What another price catalogue would change, in words for whoever decides. */
import type { Meter, PriceChange, PriceStepInput } from '@cloudfreedom/contracts';

export interface ModelPrices {
  provider: string;
  model: string;
  steps: PriceStepInput[];
}

export interface PriceDifferences {
  /** To be added: new models, and known ones with other prices. */
  changed: ModelPrices[];
  /** Each price that is new, other or gone. */
  prices: PriceChange[];
  unchanged: number;
  /** Known models that the other catalogue doesn't name; they keep their prices. */
  missing: string[];
}

const nameOf = ({ provider, model }: ModelPrices) => `${provider}/${model}`;

/** "2.50" and "2.5" are one price. */
function plain(price: string): string {
  return price.includes('.') ? price.replace(/\.?0+$/, '') : price;
}

type Place = Pick<PriceChange, 'meter' | 'serviceTier' | 'aboveInputTokens'>;

/** Says tier and input size where they are not the usual ones. */
function nameOfPrice({ meter, serviceTier, aboveInputTokens }: Place): string {
  const tier = serviceTier === 'standard' ? '' : ` ${serviceTier}`;
  const size = aboveInputTokens > 0 ? ` above ${aboveInputTokens} input tokens` : '';
  return `${meter}${tier}${size}`;
}

function placesOf({ steps }: Pick<ModelPrices, 'steps'>): Map<string, { place: Place; price: string }> {
  const prices = new Map<string, { place: Place; price: string }>();
  for (const { serviceTier, aboveInputTokens, usdPerMillion } of steps)
    for (const [meter, price] of Object.entries(usdPerMillion) as [Meter, string][]) {
      const place = { meter, serviceTier, aboveInputTokens };
      prices.set(nameOfPrice(place), { place, price: plain(price) });
    }
  return prices;
}

/** Price by its name. */
export function pricesOf(list: Pick<ModelPrices, 'steps'>): Map<string, string> {
  return new Map([...placesOf(list)].map(([name, { price }]) => [name, price]));
}

/** One line for who reads it in a terminal. */
export function describeChange({ provider, model, from, to, ...place }: PriceChange): string {
  return `${provider}/${model}  ${nameOfPrice(place)}: ${from ?? 'none'} -> ${to ?? 'none'}`;
}

export function comparePrices(known: ModelPrices[], wanted: ModelPrices[]): PriceDifferences {
  const before = new Map(known.map((model) => [nameOf(model), placesOf(model)]));
  const differences: PriceDifferences = { changed: [], prices: [], unchanged: 0, missing: [] };
  for (const model of wanted) {
    const old = before.get(nameOf(model));
    const now = placesOf(model);
    const places = new Map([...(old ?? []), ...now]);
    const prices = [...places].flatMap(([name, { place }]) => {
      const [from = null, to = null] = [old?.get(name)?.price, now.get(name)?.price];
      return from === to ? [] : [{ provider: model.provider, model: model.model, ...place, from, to }];
    });
    if (prices.length === 0) differences.unchanged += 1;
    else differences.changed.push(model);
    differences.prices.push(...prices);
  }
  const named = new Set(wanted.map(nameOf));
  differences.missing = known.map(nameOf).filter((name) => !named.has(name) && !name.startsWith('custom/'));
  return differences;
}
