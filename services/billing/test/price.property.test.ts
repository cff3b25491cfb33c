import {
  METERS,
  type MeterCounts,
  RARE_METERS,
  type Reach,
  SERVICE_TIERS,
  type ServiceTier,
} from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affordableOutputTokens,
  covers,
  dearestMeters,
  priceHold,
  priceUsage,
  type Terms,
} from '../src/pricing/price.ts';

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
const prices = fc.record(Object.fromEntries(METERS.map((name) => [name, decimal])), {
  requiredKeys: [],
}) as fc.Arbitrary<Record<string, string>>;
const plain = fc.record({ uncached_input: decimal, output_text: decimal });
const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 300_000 }), { maxLength: 2 });
const stepsOf = (serviceTier: ServiceTier, first: fc.Arbitrary<Record<string, string>>) =>
  fc.tuple(first, fc.tuple(sizes, fc.array(prices, { minLength: 2, maxLength: 2 }))).map(([base, [above, further]]) => [
    { serviceTier, aboveInputTokens: 0, usdPerMillion: base },
    ...above.map((aboveInputTokens, index) => ({
      serviceTier,
      aboveInputTokens,
      usdPerMillion: further[index] ?? {},
    })),
  ]);
const terms: fc.Arbitrary<Terms> = fc.record({
  priceList: fc
    .tuple(
      stepsOf(
        'standard',
        fc.tuple(plain, prices).map(([must, may]) => ({ ...may, ...must })),
      ),
      fc.option(stepsOf('flex', prices)),
      fc.option(stepsOf('priority', prices)),
    )
    .map((lists) => lists.flatMap((list) => list ?? [])),
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

const INPUT = ['uncached_input', 'cache_read', 'cache_write', 'cache_write_1h', 'input_audio'] as const;
const OUTPUT = ['output_text', 'reasoning', 'output_audio', 'output_image'] as const;
const inputOf = (used: MeterCounts) => INPUT.reduce((sum, name) => sum + (used[name] ?? 0), 0);

type Meter = (typeof METERS)[number];
/** As the rules are written down: the step by size, the tier's first step, the standard's; then another meter's price. */
function referencePrice(list: Terms['priceList'], tier: ServiceTier, input: number, meter: Meter): Fraction {
  for (const name of [tier, 'standard']) {
    const steps = list.filter((step) => (step.serviceTier ?? 'standard') === name);
    const reached = steps.filter(({ aboveInputTokens: from }) => from === 0 || input > from);
    const highest = reached.sort((a, b) => b.aboveInputTokens - a.aboveInputTokens)[0];
    const first = steps.find(({ aboveInputTokens }) => aboveInputTokens === 0);
    const own = highest?.usdPerMillion[meter] ?? first?.usdPerMillion[meter];
    if (own !== undefined) return fraction(own);
  }
  if (meter === 'server_tool_call') return [0n, 1n];
  if (meter === 'cache_write_1h') return referencePrice(list, tier, input, 'cache_write');
  const isInput = (INPUT as readonly Meter[]).includes(meter);
  return referencePrice(list, tier, input, isInput ? 'uncached_input' : 'output_text');
}

function referenceCharge(given: Terms, used: MeterCounts, tier: ServiceTier, markup: boolean): bigint {
  const { priceList, eurPerUsd, markupPercent } = given;
  let usd: Fraction = [0n, 1n];
  for (const meter of METERS) {
    const price = referencePrice(priceList, tier, inputOf(used), meter);
    usd = plus(usd, times([BigInt(used[meter] ?? 0), 1_000_000n], price));
  }
  const eur = times(usd, fraction(eurPerUsd));
  const factor: Fraction = markup ? plus([1n, 1n], times(fraction(markupPercent), [1n, 100n])) : [1n, 1n];
  return up(times(times(eur, factor), [1_000_000_000n, 1n]));
}

const tier = fc.constantFrom(...SERVICE_TIERS);
const reach: fc.Arbitrary<Reach> = fc.record({
  serviceTiers: fc.uniqueArray(tier, { minLength: 1 }),
  rareMeters: fc.subarray([...RARE_METERS]),
  serverToolCallsMax: fc.integer({ min: 0, max: 20 }),
});
/** Units over the meters that a request can be counted by: all of it or less. */
function spread(total: number, names: readonly Meter[], shares: number[]): MeterCounts {
  const counts: MeterCounts = {};
  let left = total;
  for (const [index, name] of names.entries()) {
    counts[name] = Math.floor(left * (shares[index] ?? 0));
    left -= counts[name] ?? 0;
  }
  return counts;
}
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });

describe('prices', () => {
  test('charge and cost are the exact rational value, rounded up once', () => {
    fc.assert(
      fc.property(terms, meters, tier, (given, used, served) => {
        expect(priceUsage(given, used, [served])).toEqual({
          chargeNanoEur: referenceCharge(given, used, served, true),
          costNanoEur: referenceCharge(given, used, served, false),
        });
      }),
      { numRuns: 500 },
    );
  });

  test('where the tier is unknown the dearest of the possible ones counts', () => {
    fc.assert(
      fc.property(terms, meters, fc.uniqueArray(tier, { minLength: 1 }), (given, used, tiers) => {
        const charge = priceUsage(given, used, tiers).chargeNanoEur;
        const each = tiers.map((one) => referenceCharge(given, used, one, true));
        expect(each).toContain(charge);
        for (const one of each) expect(one <= charge).toBe(true);
      }),
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

  test('a hold covers every use within its bounds, whatever step, tier and meters it falls into', () => {
    const bounds = fc.record({ inputTokensMax: units, choices: fc.integer({ min: 1, max: 8 }), reach });
    fc.assert(
      fc.property(terms, bounds, units, shares, shares, fc.nat(), (given, limits, output, ins, outs, pick) => {
        const { rareMeters, serviceTiers, serverToolCallsMax } = limits.reach;
        const possible = (name: Meter) =>
          !RARE_METERS.some((rare) => rare === name) || rareMeters.some((rare) => rare === name);
        const used = {
          ...spread(limits.inputTokensMax, INPUT.filter(possible), ins),
          ...spread(output * limits.choices, OUTPUT.filter(possible), outs),
          server_tool_call: serverToolCallsMax,
        };
        const served = serviceTiers[pick % serviceTiers.length] ?? 'standard';
        expect(priceUsage(given, used, [served]).chargeNanoEur <= priceHold(given, limits, output)).toBe(true);
        expect(priceUsage(given, used, serviceTiers).chargeNanoEur <= priceHold(given, limits, output)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a request is covered only where nothing it can reach lacks a price', () => {
    fc.assert(
      fc.property(terms, reach, ({ priceList }, asked) => {
        const names = (meter: Meter) => priceList.some(({ usdPerMillion }) => usdPerMillion[meter] !== undefined);
        const tiers = asked.serviceTiers.every((one) => priceList.some(({ serviceTier }) => serviceTier === one));
        const tools = asked.serverToolCallsMax === 0 || names('server_tool_call');
        expect(covers(priceList, asked)).toBe(tiers && tools && asked.rareMeters.every(names));
      }),
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
        const dearest = dearestMeters(oneTier, { inputTokensMax: input, choices: 1 });
        const used = { [dearest.input]: input, [dearest.output]: output };
        const hold = priceHold(oneTier, { inputTokensMax: input, choices: 1 }, output);
        expect(priceUsage(oneTier, used).chargeNanoEur).toBe(hold);
      }),
    );
  });
});
