/** A hold lives on by heartbeats that carry progress, and asks for more in slices. */
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BillingClient } from '../src/billing/billing-client.ts';
import { BillingUnreachable } from '../src/billing/billing-client.ts';
import { BudgetLine } from '../src/billing/budget-line.ts';
import { Ledger } from '../src/billing/ledger.ts';
import { Hold } from '../src/inference/hold.ts';

const RESERVATION = {
  reservationId: '3f0b1f3e-6a1c-4a53-9a0e-0d6c1f7c7a11',
  ceilingOutputTokens: 3_000,
  heldOutputTokens: 1_000,
  trace: null,
  subjectId: 'user00000000001',
  apiKeyId: null,
};
const HELD: LedgerResult = {
  status: 'held',
  hold: { outputTokens: 1, amount: '0.01', expiresAt: '2026-11-23T00:00:00.000Z' },
};
const REFUSED: LedgerResult = { status: 'refused', code: 'insufficient_quota', retryAfterMs: null, budget: null };

let asked: LedgerOperation[] = [];
let answer: () => LedgerResult = () => HELD;

function holdOf(choices = 1, runAheadTokens = 0): Hold {
  const billing: Pick<BillingClient, 'ledgerBatch'> = {
    ledgerBatch: async (operations) => {
      asked.push(...operations);
      return operations.map(() => answer());
    },
  };
  const ledger = new Ledger(billing);
  const parts = { ledger, logger: createLogger('test', 'silent'), budgetLine: new BudgetLine(ledger) };
  const progress = () => ({ basis: 'estimated' as const, meters: { output_text: 42 } });
  return new Hold(parts, RESERVATION, { outputTokensSlice: 1_000, runAheadTokens, choices }, progress);
}

beforeEach(() => {
  asked = [];
  answer = () => HELD;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('renews every 15 seconds with its progress, until it is closed', async () => {
  const hold = holdOf();
  await vi.advanceTimersByTimeAsync(46_000);
  expect(asked.map(({ op }) => op)).toEqual(['renew', 'renew', 'renew']);
  expect(asked[0]).toMatchObject({ progress: { meters: { output_text: 42 } } });
  hold.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
});

test('asks once when little is left, goes on meanwhile, and never beyond the ceiling', async () => {
  const hold = holdOf();
  expect(hold.advance(500)).toBe('go');
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(0);
  expect([hold.advance(700), hold.advance(800)]).toEqual(['go', 'go']);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toMatchObject([{ op: 'extend', outputTokensHeld: 2_000 }]);
  hold.advance(1_900);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[1]).toMatchObject({ op: 'extend', outputTokensHeld: 3_000 });
  // At the ceiling the upstream stops by itself.
  expect(hold.advance(9_000)).toBe('go');
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
  hold.close();
});

test('counts the output of all choices against the holds of all choices', async () => {
  const hold = holdOf(4);
  expect(hold.advance(2_300)).toBe('go');
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(0);
  hold.advance(2_500);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(1);
  hold.close();
});

test('used up while billing is asked: wait; refused twice: stop', async () => {
  answer = () => REFUSED;
  const hold = holdOf();
  expect(hold.advance(700)).toBe('go');
  await vi.advanceTimersByTimeAsync(1);
  expect(hold.advance(900)).toBe('go');
  expect(hold.advance(1_000)).toBe('wait');
  await vi.advanceTimersByTimeAsync(1);
  expect(hold.advance(1_000)).toBe('stop');
  expect(hold.stopReason).toBe('budget');
  expect(asked).toHaveLength(2);
  hold.close();
});

test('an early refusal that is lifted in time does no harm', async () => {
  answer = () => REFUSED;
  const hold = holdOf();
  hold.advance(700);
  await vi.advanceTimersByTimeAsync(1);
  answer = () => HELD;
  expect(hold.advance(1_000)).toBe('wait');
  await vi.advanceTimersByTimeAsync(1);
  expect(hold.advance(1_000)).toBe('go');
  hold.close();
});

test('billing that does not answer stops the output too, and says so', async () => {
  answer = () => {
    throw new BillingUnreachable('down', false);
  };
  const hold = holdOf();
  expect(hold.advance(1_200)).toBe('wait');
  await vi.advanceTimersByTimeAsync(1);
  expect(hold.advance(1_200)).toBe('stop');
  expect(hold.stopReason).toBe('billing_unavailable');
  hold.close();
});

const BUSY: LedgerResult = { status: 'refused', code: 'budget_held', retryAfterMs: 60_000, budget: null };

test('stands in line while only other holds are in the way, and goes on when one of them ends', async () => {
  answer = () => BUSY;
  const hold = holdOf();
  let changes = 0;
  hold.watch({ progress: () => ({ basis: 'estimated', meters: {} }), changed: () => ++changes });
  // Asked early and refused: it goes on with what it has, and does not wait yet.
  hold.advance(700);
  await vi.advanceTimersByTimeAsync(1);
  expect([changes, hold.advance(999)]).toEqual([1, 'go']);
  expect(hold.advance(1_000)).toBe('wait');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(hold.advance(1_000)).toBe('wait');
  answer = () => HELD;
  await vi.advanceTimersByTimeAsync(300);
  expect(hold.advance(1_000)).toBe('go');
  hold.close();
});

test('ends with the budget as the reason when it has waited in line for five seconds', async () => {
  answer = () => BUSY;
  const hold = holdOf();
  expect(hold.advance(1_000)).toBe('wait');
  await vi.advanceTimersByTimeAsync(4_900);
  expect(hold.advance(1_000)).toBe('wait');
  await vi.advanceTimersByTimeAsync(500);
  expect([hold.advance(1_000), hold.stopReason]).toEqual(['stop', 'budget']);
  hold.close();
});

test('nobody stays in line for an answer that has ended', async () => {
  answer = () => BUSY;
  const hold = holdOf();
  hold.advance(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  const before = asked.length;
  hold.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(before);
});

test('keeps free what an upstream makes before it stops', async () => {
  const hold = holdOf(1, 100);
  answer = () => REFUSED;
  expect(hold.advance(899)).toBe('go');
  await vi.advanceTimersByTimeAsync(1);
  expect(hold.advance(900)).toBe('wait');
  await vi.advanceTimersByTimeAsync(1);
  expect(hold.advance(900)).toBe('stop');
  hold.close();
});
