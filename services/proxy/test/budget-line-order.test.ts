/** The line by itself, on a clock that the test turns: who asks, when and in which order. */
import type { LedgerResult } from '@cloudfreedom/contracts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BudgetLine } from '../src/billing/budget-line.ts';
import { refused } from './stub-billing.ts';

const PAYER = { subjectId: 'user00000000001', apiKeyId: null };
const GRANTED: LedgerResult = {
  status: 'granted',
  ceilingOutputTokens: 1,
  hold: { outputTokens: 1, amount: '0.01', expiresAt: '2026-11-02T00:01:00Z' },
  subjectId: PAYER.subjectId,
  apiKeyId: null,
};
const HELD = refused('budget_held', 1_000);
const nobodyLeaves = new AbortController().signal;

let line: BudgetLine;
let release = () => {};
/** How many requests the budget affords now. */
let free = 0;
const asked: string[] = [];
const ended: [name: string, status: string][] = [];

beforeEach(() => {
  vi.useFakeTimers();
  line = new BudgetLine({
    onRelease: (listener) => {
      release = listener;
    },
  });
  free = 0;
  asked.length = 0;
  ended.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function arrive(name: string): void {
  const attempt = async () => {
    asked.push(name);
    return free-- > 0 ? GRANTED : HELD;
  };
  void line.pass(PAYER, attempt, nobodyLeaves).then((answer) => ended.push([name, answer?.status ?? 'left']));
}
/** Everything that can happen without the clock going on. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the order', () => {
  test('is that of arrival: a later request does not ask before the earlier ones are served', async () => {
    for (const name of ['first', 'second', 'third']) {
      arrive(name);
      await settle();
    }
    expect(asked).toEqual(['first']);
    for (const served of [['first'], ['first', 'second'], ['first', 'second', 'third']]) {
      free = 1;
      release();
      await settle();
      expect(ended.map(([name]) => name)).toEqual(served);
    }
    // Each of the later ones asks when the one before it is served, and in vain once at most.
    expect(asked.filter((name) => name === 'third').length).toBeLessThanOrEqual(2);
  });

  test('a hold that is let go wakes the first in line without its timer', async () => {
    arrive('first');
    await settle();
    free = 1;
    await settle();
    expect(ended).toEqual([]);
    release();
    await settle();
    expect(ended).toEqual([['first', 'granted']]);
  });

  test('without a word the first asks again by itself, the others don’t', async () => {
    arrive('first');
    await settle();
    arrive('second');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked)).toEqual(new Set(['first']));
  });

  test('whoever has waited for five seconds asks a last time, whatever their place, and takes the answer', async () => {
    arrive('first');
    await settle();
    await vi.advanceTimersByTimeAsync(1_000);
    arrive('second');
    await vi.advanceTimersByTimeAsync(3_999);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual([['first', 'refused']]);
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual([
      ['first', 'refused'],
      ['second', 'refused'],
    ]);
  });
});
