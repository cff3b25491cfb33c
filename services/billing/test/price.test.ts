import { describe, expect, test } from 'vitest';
import { readPriceCatalogue } from '../src/pricing/catalogue.ts';
import { isComplete, priceHold, priceUsage, type Terms } from '../src/pricing/price.ts';

const terms: Terms = {
  priceList: [
    {
      aboveInputTokens: 0,
      usdPerMillion: { uncached_input: '3', cache_read: '0.3', cache_write: '3.75', output_text: '15' },
    },
    { aboveInputTokens: 200_000, usdPerMillion: { uncached_input: '6', output_text: '22.5' } },
  ],
  eurPerUsd: '0.86',
  markupPercent: '20',
};

describe('priceUsage', () => {
  test('a round example: 1 million tokens in, 100,000 out, one euro per dollar, no mark-up', () => {
    const plain = { ...terms, priceList: terms.priceList.slice(0, 1), eurPerUsd: '1', markupPercent: '0' };
    const price = priceUsage(plain, { uncached_input: 1_000_000, output_text: 100_000 });
    expect(price).toEqual({ chargeNanoEur: 4_500_000_000n, costNanoEur: 4_500_000_000n });
  });

  test('a single token is charged: never rounded down to nothing', () => {
    const cheap = {
      ...terms,
      priceList: [{ aboveInputTokens: 0, usdPerMillion: { uncached_input: '0.0000001', output_text: '0' } }],
    };
    expect(priceUsage(cheap, { uncached_input: 1 })).toEqual({ chargeNanoEur: 1n, costNanoEur: 1n });
  });

  test('a price of 0 is a price', () => {
    const free = {
      ...terms,
      priceList: [{ aboveInputTokens: 0, usdPerMillion: { uncached_input: '0', output_text: '0' } }],
    };
    expect(isComplete(free.priceList)).toBe(true);
    expect(priceUsage(free, { uncached_input: 5, output_text: 5 })).toEqual({ chargeNanoEur: 0n, costNanoEur: 0n });
  });

  test('exactly at the tier the base price holds; one token above the whole input is dearer', () => {
    const at = priceUsage(terms, { uncached_input: 100_000, cache_read: 100_000 });
    expect(at.costNanoEur).toBe((300_000n + 30_000n) * 860n);
    const above = priceUsage(terms, { uncached_input: 100_001, cache_read: 100_000 });
    expect(above.costNanoEur).toBe((600_006n + 30_000n) * 860n);
  });

  test('cache without a price costs as uncached input, reasoning as output', () => {
    const list = [{ aboveInputTokens: 0, usdPerMillion: { uncached_input: '2', output_text: '8' } }];
    const plain = { priceList: list, eurPerUsd: '1', markupPercent: '0' };
    const price = priceUsage(plain, { cache_read: 1, cache_write: 1, reasoning: 1 });
    expect(price.costNanoEur).toBe(2_000n + 2_000n + 8_000n);
  });
});

test('a hold is counted at the dearest input meter and the dearest tier that the bound can reach', () => {
  const below = priceHold(terms, { inputTokensMax: 1_000, choices: 2 }, 100);
  expect(below).toBe(((3_750n * 1_000n + 15_000n * 200n) * 86n * 120n) / 10_000n);
  const beyond = priceHold(terms, { inputTokensMax: 200_001, choices: 1 }, 0);
  expect(beyond).toBe((6_000n * 200_001n * 86n * 120n) / 10_000n);
});

describe('service tiers and rare meters', () => {
  const list: Terms['priceList'] = [
    { aboveInputTokens: 0, usdPerMillion: { uncached_input: '2', output_text: '8', server_tool_call: '10000' } },
    { serviceTier: 'flex', aboveInputTokens: 0, usdPerMillion: { uncached_input: '1', output_text: '4' } },
    { serviceTier: 'priority', aboveInputTokens: 0, usdPerMillion: { uncached_input: '4' } },
  ];
  const plain = { priceList: list, eurPerUsd: '1', markupPercent: '0' };

  test('what was served is charged; what a tier does not name costs what it costs in the standard one', () => {
    const used = { uncached_input: 1, output_text: 1 };
    expect(priceUsage(plain, used, ['standard']).costNanoEur).toBe(10_000n);
    expect(priceUsage(plain, used, ['flex']).costNanoEur).toBe(5_000n);
    expect(priceUsage(plain, used, ['priority']).costNanoEur).toBe(12_000n);
    expect(priceUsage(plain, used, ['standard', 'priority']).costNanoEur).toBe(12_000n);
  });

  test('a thousand searches at ten dollars cost ten dollars', () => {
    expect(priceUsage(plain, { server_tool_call: 1_000 }).costNanoEur).toBe(10_000_000_000n);
  });

  test('the hold counts with the dearest tier, and with every call of a server tool', () => {
    const reach = { serviceTiers: ['standard' as const, 'priority' as const], rareMeters: [], serverToolCallsMax: 2 };
    const hold = priceHold(plain, { inputTokensMax: 10, choices: 1, reach }, 10);
    expect(hold).toBe(10n * 4_000n + 10n * 8_000n + 2n * 10_000_000n);
  });
});

describe('the catalogue that ships', () => {
  const catalogue = readPriceCatalogue();
  test('has a complete list for every model, with its source and date', () => {
    expect(catalogue.source).toMatch(/as of \d{4}-\d{2}-\d{2}/);
    expect(catalogue.models.filter(({ steps }) => !isComplete(steps)).map(({ model }) => model)).toEqual([]);
    expect(new Set(catalogue.models.flatMap(({ steps }) => steps.map(({ serviceTier }) => serviceTier)))).toEqual(
      new Set(['standard', 'flex', 'priority', 'batch']),
    );
    const claude = catalogue.models.find(({ model }) => model === 'claude-sonnet-5');
    expect(claude?.steps[0]?.usdPerMillion).toMatchObject({
      cache_write: '2.5',
      cache_write_1h: '4',
      server_tool_call: '10000',
    });
    const audio = catalogue.models.find(({ model }) => model === 'gpt-4o-audio-preview');
    expect(audio?.steps[0]?.usdPerMillion).toMatchObject({ input_audio: '40', output_audio: '80' });
    expect(new Set(catalogue.models.map(({ provider }) => provider))).toEqual(
      new Set(['openai', 'anthropic', 'gemini']),
    );
  });
  test('moves the point by six places: gpt-4o-mini is 0.15 in and 0.6 out', () => {
    const mini = catalogue.models.find(({ model }) => model === 'gpt-4o-mini');
    expect(mini?.steps[0]?.usdPerMillion).toEqual({ uncached_input: '0.15', cache_read: '0.075', output_text: '0.6' });
  });
});
