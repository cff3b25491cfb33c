import { ApiFailure } from '@cloudfreedom/ui';
import { expect, it } from 'vitest';
import { noticeOfError, noticeOfFinish } from '../src/answers/notice.ts';
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
  expect(refused(503, 'billing_unavailable')).toEqual({ kind: 'unavailable' });
  expect(refused(404, 'model_not_found')).toEqual({ kind: 'modelGone' });
  expect(refused(403, 'subject_suspended')).toEqual({ kind: 'suspended' });
  expect(refused(400, 'unsupported_parameter')).toEqual({ kind: 'refused', message: 'm' });
  expect(noticeOfError(new Error('?'), false)).toEqual({ kind: 'unexpected' });
});

it('finish reasons', () => {
  expect(noticeOfFinish('stop')).toBeNull();
  expect(noticeOfFinish('length')).toEqual({ kind: 'length' });
  expect(noticeOfFinish('content_filter')).toEqual({ kind: 'contentFilter' });
});

it('a conversation is called by its first line, cut at a word', () => {
  expect(titleOf('  Hallo\nzweite Zeile')).toBe('Hallo');
  expect(titleOf('Wort '.repeat(20))).toBe('Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort Wort…');
  expect(titleOf('x'.repeat(80))).toBe(`${'x'.repeat(60)}…`);
});
