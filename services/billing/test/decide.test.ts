/** The ledger's decisions by themselves: no database, no clock. */
import type { LedgerResult } from '@cloudfreedom/contracts';
import { describe, expect, test } from 'vitest';
import { decide, type Operation } from '../src/ledger/decide.ts';
import type { LedgerState } from '../src/ledger/draft.ts';
import { model, product, reserveOf, settleOf, tenant, user } from './records.ts';

const now = new Date('2026-11-23T12:00:00Z');
const period = {
  start: new Date('2026-10-31T23:00:00Z'),
  end: new Date('2026-11-30T23:00:00Z'),
  timeZone: 'Europe/Berlin',
};
const home = tenant();
const plan = product();
const person = user({ tenantId: home.id, productId: plan.id });
const deployment = model();
const credential = { type: 'subject', subjectId: person.id } as const;
/** 1 USD per million in, 2 out, one euro per dollar: a token in is 1,000 nano-euro. */
const priceList = [{ aboveInputTokens: 0, usdPerMillion: { uncached_input: '1', output_text: '2' } }];

function stateOf(
  limitNanoEur: bigint,
  fields: { posted?: bigint; pending?: bigint; tenantLimit?: bigint } = {},
): LedgerState {
  const balance = {
    periodStart: period.start,
    postedNanoEur: fields.posted ?? 0n,
    pendingNanoEur: fields.pending ?? 0n,
  };
  return {
    tenantId: home.id,
    now,
    period,
    facts: {
      now,
      tenant: home,
      users: [person],
      products: [plan],
      apiKeys: [],
      models: [deployment],
      prices: [{ provider: 'openai', upstreamModel: deployment.upstreamModel, priceVersionId: 1n, priceList }],
      eurPerUsd: '1',
    },
    balances: [
      { level: 'tenant', ownerId: home.id, limitNanoEur: fields.tenantLimit ?? null, ...balance },
      { level: 'user', ownerId: person.id, limitNanoEur, ...balance },
    ],
    reservations: [],
    refusals: [],
  };
}

const small = { inputTokensMax: 10, outputTokensCap: 5, outputTokensSlice: 5, outputTokensMin: 5 };
const codes = (results: (LedgerResult | null)[]) =>
  results.map((result) => (result && 'code' in result ? result.code : result?.status));

describe('decide', () => {
  test('a hold that fits to the nano-euro is granted, one more nano-euro is not', () => {
    expect(codes(decide(stateOf(20_000n), [reserveOf(credential, small)]).results)).toEqual(['granted']);
    expect(codes(decide(stateOf(19_999n), [reserveOf(credential, small)]).results)).toEqual(['insufficient_quota']);
  });

  test('operations see what the ones before them did', () => {
    const [first, second] = [reserveOf(credential, small), reserveOf(credential, small)];
    const settle = settleOf(first.reservationId, { uncached_input: 1, output_text: 1 });
    const third = reserveOf(credential, { ...small, inputTokensMax: 7 });
    const decision = decide(stateOf(20_000n), [first, second, settle, third]);
    expect(codes(decision.results)).toEqual(['granted', 'budget_held', 'settled', 'granted']);
    expect(decision.balances.map(({ postedNanoEur, pendingNanoEur }) => [postedNanoEur, pendingNanoEur])).toEqual([
      [3_000n, 17_000n],
      [3_000n, 17_000n],
    ]);
    expect(decision.opened.map(({ state }) => state)).toEqual(['settled', 'open']);
    expect(decision.changed).toEqual([]);
  });

  test('what is spent comes before what is held, at whichever level', () => {
    const held = decide(stateOf(20_000n, { pending: 1n }), [reserveOf(credential, small)]);
    expect(codes(held.results)).toEqual(['budget_held']);
    const spentAbove = decide(stateOf(20_000n, { pending: 1n, tenantLimit: 19_000n }), [reserveOf(credential, small)]);
    expect(spentAbove.results[0]).toMatchObject({ code: 'insufficient_quota', budget: { level: 'tenant' } });
  });

  test('a refusal moves nothing and names what is needed', () => {
    const decision = decide(stateOf(19_999n), [reserveOf(credential, small)]);
    expect([decision.balances, decision.entries, decision.opened, decision.usage]).toEqual([[], [], [], []]);
    expect(decision.results[0]).toMatchObject({ budget: { needed: '0.00002', remaining: '0.000019999' } });
  });

  test('the given state is left as it was', () => {
    const state = stateOf(20_000n);
    const before = structuredClone(state);
    const operation = reserveOf(credential, small);
    decide(state, [operation, settleOf(operation.reservationId, { output_text: 1 })]);
    expect(state).toEqual(before);
  });

  test('a hold that is still alive does not expire', () => {
    const operation = reserveOf(credential, small);
    const expire: Operation = { op: 'expire', reservationId: operation.reservationId };
    const decision = decide(stateOf(20_000n), [operation, expire]);
    expect(decision.opened[0]?.state).toBe('open');
    const later = {
      ...stateOf(20_000n),
      now: new Date(now.getTime() + 60_000),
      reservations: decision.opened,
      balances: decision.balances,
    };
    const swept = decide(later, [expire, expire]);
    expect(swept.changed.map(({ state, chargeNanoEur }) => [state, chargeNanoEur])).toEqual([['expired', 20_000n]]);
    expect(swept.entries.map(({ kind, level, amountNanoEur }) => [kind, level, amountNanoEur])).toEqual([
      ['charge', 'tenant', 20_000n],
      ['charge', 'user', 20_000n],
    ]);
    expect(swept.usage).toMatchObject([{ outcome: 'expired', basis: 'estimated' }]);
  });
});
