import { ApiFailure } from '@cloudfreedom/ui';
import { expect, it } from 'vitest';
import { isZeroBudget, noticeOfError } from '../src/answers/notice.ts';
import { titleOf } from '../src/conversations/store-question.ts';

const budget = {
  level: 'user',
  limit: '25.00',
  spent: '24.9961',
  held: '0.00',
  remaining: '0.0039',
  needed: '0.0121',
  period: { start: '2026-10-31T23:00:00.000Z', end: '2026-11-30T23:00:00.000Z', timeZone: 'Europe/Berlin' },
  openHolds: [],
};
const refused = (status: number, code: string, more = {}) =>
  noticeOfError(new ApiFailure(status, { error: { message: 'm', type: 't', code, param: null, ...more } }), false);

it('a spent budget carries its figures, and is said without them where they are missing or wrong', () => {
  expect(refused(429, 'insufficient_quota', { budget })).toEqual({ kind: 'spent', budget });
  expect(refused(429, 'insufficient_quota')).toEqual({ kind: 'spent', budget: null });
  expect(refused(429, 'budget_held', { budget: { ...budget, spent: 1 } })).toEqual({ kind: 'held', budget: null });
});

it('other refusals', () => {
  expect(refused(429, 'rate_limited')).toEqual({ kind: 'rateLimited' });
  expect(refused(500, 'internal_error')).toEqual({ kind: 'unavailable' });
  expect(refused(429, 'toString')).toEqual({ kind: 'rateLimited' });
  expect(refused(404, 'model_not_found')).toEqual({ kind: 'modelGone' });
  expect(refused(403, 'subject_suspended')).toEqual({ kind: 'suspended' });
  expect(refused(400, 'unsupported_parameter')).toEqual({ kind: 'refused', message: 'm' });
  expect(noticeOfError(new Error('?'), false)).toEqual({ kind: 'unexpected' });
});

it.each([
  [503, 'billing_unavailable', 'budgetUnchecked'],
  [503, 'settlement_unavailable', 'usageNotRecorded'],
  [502, 'upstream_unreachable', 'providerUnreachable'],
  [502, 'upstream_error', 'providerFault'],
  [504, 'upstream_timeout', 'providerTimeout'],
  [503, 'upstream_overloaded', 'providerOverloaded'],
  [429, 'upstream_rate_limited', 'providerBusy'],
  [404, 'model_not_priced', 'modelGone'],
  [400, 'context_length_exceeded', 'tooLong'],
  [400, 'content_filtered', 'contentRefused'],
])('%i %s has words of its own', (status, code, kind) => expect(refused(status, code)).toEqual({ kind }));

it('a budget of nothing is told from a spent one', () => {
  expect(isZeroBudget({ ...budget, level: 'user', limit: '0' })).toBe(true);
  expect(isZeroBudget({ ...budget, level: 'user', limit: '0.01' })).toBe(false);
  expect(isZeroBudget({ ...budget, level: 'user', limit: null })).toBe(false);
});

it('a conversation is called by its first line, cut at a word', () => {
  expect(titleOf('  Hallo\nzweite Zeile')).toBe('Hallo');
  expect(titleOf('Wort '.repeat(20))).toBe('Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort…');
  expect(titleOf('x'.repeat(80))).toBe(`${'x'.repeat(60)}…`);
});
