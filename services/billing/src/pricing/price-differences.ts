/** What another price catalogue would change, in words for whoever decides. */
import type { PriceStepInput } from '@cloudfreedom/contracts';

export interface ModelPrices {
  provider: string;
  model: string;
  steps: PriceStepInput[];
}

export interface PriceDifferences {
  /** To be added: new models, and known ones with other prices. */
  changed: ModelPrices[];
  /** One line for each price that is new, other or gone. */
  lines: string[];
  unchanged: number;
  /** Known models that the other catalogue doesn't name; they keep their prices. */
  missing: string[];
}

const nameOf = ({ provider, model }: ModelPrices) => `${provider}/${model}`;

/** "2.50" and "2.5" are one price. */
function plain(price: string): string {
  return price.includes('.') ? price.replace(/\.?0+$/, '') : price;
}

/** Price by its name, which says tier and input size where they are not the usual ones. */
export function pricesOf({ steps }: Pick<ModelPrices, 'steps'>): Map<string, string> {
  const prices = new Map<string, string>();
  for (const { serviceTier, aboveInputTokens, usdPerMillion } of steps)
    for (const [meter, price] of Object.entries(usdPerMillion)) {
      const tier = serviceTier === 'standard' ? '' : ` ${serviceTier}`;
      const size = aboveInputTokens > 0 ? ` above ${aboveInputTokens} input tokens` : '';
      prices.set(`${meter}${tier}${size}`, plain(price));
    }
  return prices;
}

export function comparePrices(known: ModelPrices[], wanted: ModelPrices[]): PriceDifferences {
  const before = new Map(known.map((model) => [nameOf(model), pricesOf(model)]));
  const differences: PriceDifferences = { changed: [], lines: [], unchanged: 0, missing: [] };
  for (const model of wanted) {
    const old = before.get(nameOf(model));
    const now = pricesOf(model);
    const names = [...new Set([...(old?.keys() ?? []), ...now.keys()])];
    const lines = names.flatMap((name) => {
      const [from, to] = [old?.get(name), now.get(name)];
      return from === to ? [] : [`${nameOf(model)}  ${name}: ${from ?? 'none'} -> ${to ?? 'none'}`];
    });
    if (lines.length === 0) differences.unchanged += 1;
    else differences.changed.push(model);
    differences.lines.push(...lines);
  }
  const named = new Set(wanted.map(nameOf));
  differences.missing = known.map(nameOf).filter((name) => !named.has(name) && !name.startsWith('custom/'));
  return differences;
}
