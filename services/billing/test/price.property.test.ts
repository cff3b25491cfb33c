import { METERS, type MeterCounts } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affordableOutputTokens, dearestMeters, priceHold, priceUsage, type Terms } from '../src/pricing/price.ts';

/** A fraction of bigints: the slow and plain way, to check the fast one against. */
type Fraction = [bigint, bigint];
const times = (a: Fraction, b: Fraction): Fraction => [a[0] * b[0], a[1] * b[1]];
const plus = (a: Fraction, b: Fraction): Fraction => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
const fraction = (text: string): Fraction => {
  const [whole = '0', rest = ''] = text.split('.');
  return [BigInt(whole + rest), 10n ** BigInt(rest.length)];
};
const up = ([n, d]: Fraction) => n / d + (n % d === 0n ? 0n : 1n);

const decimal = fc
  .tuple(fc.integer({ min: 0, max: 900 }), fc.stringMatching(/^\d{1,8}$/))
  .map(([whole, rest]) => `${whole}.${rest}`);
const tierPrices = fc.record(
  {
    uncached_input: decimal,
    cache_read: decimal,
    cache_write: decimal,
    output_text: decimal,
    reasoning: decimal,
    server_tool_call: decimal,
  },
  { requiredKeys: ['uncached_input', 'output_text'] },
);
const terms: fc.Arbitrary<Terms> = fc.record({
  priceList: fc
    .tuple(tierPrices, fc.option(fc.tuple(fc.integer({ min: 1, max: 300_000 }), tierPrices)))
    .map(([base, tier]) => [
      { aboveInputTokens: 0, usdPerMillion: base },
      ...(tier ? [{ aboveInputTokens: tier[0], usdPerMillion: tier[1] }] : []),
    ]),
  eurPerUsd: fc
    .integer({ min: 1, max: 2_000_000 })
    .map((n) => `${Math.floor(n / 1e6)}.${String(n % 1e6).padStart(6, '0')}`),
  markupPercent: fc
    .integer({ min: 0, max: 99_999 })
    .map((n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`),
});
const units = fc.integer({ min: 0, max: 1_000_000 });
const meters = fc.record(Object.fromEntries(METERS.map((name) => [name, units])), {
  requiredKeys: [],
}) as fc.Arbitrary<MeterCounts>;

function referencePrice(list: Terms['priceList'], above: number, meter: (typeof METERS)[number]): Fraction {
  const tier = list.find(({ aboveInputTokens }) => aboveInputTokens === above);
  const own = tier?.usdPerMillion[meter] ?? list[0]?.usdPerMillion[meter];
  if (own !== undefined) return fraction(own);
  if (meter === 'server_tool_call') return [0n, 1n];
  return referencePrice(list, above, meter === 'reasoning' ? 'output_text' : 'uncached_input');
}

function referenceCharge({ priceList, eurPerUsd, markupPercent }: Terms, used: MeterCounts, markup: boolean): bigint {
  const input = (used.uncached_input ?? 0) + (used.cache_read ?? 0) + (used.cache_write ?? 0);
  const above = Math.max(
    ...priceList.map((tier) => tier.aboveInputTokens).filter((from) => from === 0 || input > from),
  );
  let usd: Fraction = [0n, 1n];
  for (const meter of METERS) {
    usd = plus(usd, times([BigInt(used[meter] ?? 0), 1_000_000n], referencePrice(priceList, above, meter)));
  }
  const eur = times(usd, fraction(eurPerUsd));
  const factor: Fraction = markup ? plus([1n, 1n], times(fraction(markupPercent), [1n, 100n])) : [1n, 1n];
  return up(times(times(eur, factor), [1_000_000_000n, 1n]));
}

describe('prices', () => {
  test('charge and cost are the exact rational value, rounded up once', () => {
    fc.assert(
      fc.property(terms, meters, (given, used) => {
        expect(priceUsage(given, used)).toEqual({
          chargeNanoEur: referenceCharge(given, used, true),
          costNanoEur: referenceCharge(given, used, false),
        });
      }),
      { numRuns: 500 },
    );
  });

  test('using more of a meter never costs less, within a tier', () => {
    fc.assert(
      fc.property(terms, meters, fc.constantFrom(...METERS), units, (given, used, meter, more) => {
        const oneTier = { ...given, priceList: given.priceList.slice(0, 1) };
        const before = priceUsage(oneTier, used).chargeNanoEur;
        const after = priceUsage(oneTier, { ...used, [meter]: (used[meter] ?? 0) + more }).chargeNanoEur;
        expect(after >= before).toBe(true);
      }),
    );
  });

  test('a hold covers every use within its bounds, whatever tier and meters it falls into', () => {
    const share = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    const bounds = fc.record({ inputTokensMax: units, choices: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(terms, bounds, units, share, share, (given, limits, output, [a, b], [c, d]) => {
        const input = Math.floor(limits.inputTokensMax * c);
        const read = Math.floor(input * a);
        const write = Math.floor((input - read) * b);
        const out = Math.floor(output * limits.choices * d);
        const reasoning = Math.floor(out * a);
        const used = {
          uncached_input: input - read - write,
          cache_read: read,
          cache_write: write,
          output_text: out - reasoning,
          reasoning,
        };
        expect(priceUsage(given, used).chargeNanoEur <= priceHold(given, limits, output)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('what is affordable is the most whose hold fits', () => {
    const bounds = fc.record({ inputTokensMax: units, choices: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(terms, bounds, fc.bigInt({ min: -5n, max: 10n ** 12n }), units, (given, limits, amount, cap) => {
        const most = affordableOutputTokens(given, limits, amount, cap);
        if (most >= 0) expect(priceHold(given, limits, most) <= amount).toBe(true);
        if (most < cap) expect(priceHold(given, limits, most + 1) > amount).toBe(true);
        expect(most).toBeGreaterThanOrEqual(-1);
        expect(most).toBeLessThanOrEqual(cap);
      }),
    );
  });

  test('the dearest meters cost the whole hold, without tiers', () => {
    fc.assert(
      fc.property(terms, units, units, (given, input, output) => {
        const oneTier = { ...given, priceList: given.priceList.slice(0, 1) };
        const dearest = dearestMeters(oneTier, input);
        const used = { [dearest.input]: input, [dearest.output]: output };
        const hold = priceHold(oneTier, { inputTokensMax: input, choices: 1 }, output);
        expect(priceUsage(oneTier, used).chargeNanoEur).toBe(hold);
      }),
    );
  });
});
