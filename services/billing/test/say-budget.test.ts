/** The sentence that goes with a budget's figures. */
import { expect, test } from 'vitest';
import { sayBudget } from '../src/budget/say-budget.ts';

const figures = { limit: '10.00', spent: '4.04', held: '0.0312', remaining: '5.9288' };
const period = { until: new Date('2026-11-30T23:00:00Z'), timeZone: 'Europe/Berlin' };
/** Numbers and their unit are kept together by a space that does not break. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('in German and in English, with the last day of the month in the tenant’s zone', () => {
  expect(plain(sayBudget(figures, period, { language: 'de', isOwn: true }))).toBe(
    'Sie haben 4,04 € von 10,00 € verbraucht, 0,0312 € sind für laufende Anfragen zurückgelegt, 5,9288 € sind bis zum 30. November 2026 übrig.',
  );
  expect(plain(sayBudget(figures, period, { language: 'en', isOwn: true }))).toBe(
    'You have spent €4.04 of €10.00, €0.0312 are held for running requests, €5.9288 are left until 30 November 2026.',
  );
  expect(plain(sayBudget(figures, period, { language: 'de', isOwn: false }))).toMatch(
    /^4,04 € von 10,00 € sind verbraucht, 0,0312 €/,
  );
  expect(plain(sayBudget(figures, period, { language: 'en', isOwn: false }))).toMatch(/^€4.04 of €10.00 are spent, €/);
});
