import { expect, it } from 'vitest';
import {
  durationText,
  exactNumberText,
  lastDayText,
  listText,
  monthText,
  relativeTimeText,
  usdText,
} from '../src/format/format.ts';
import { preferredLanguage } from '../src/i18n/language.ts';

const now = Date.parse('2026-11-23T12:00:00Z');

it('times are relative up to a day, then a date', () => {
  expect(relativeTimeText('2026-11-23T11:59:30Z', now, 'de')).toBeNull();
  expect(relativeTimeText('2026-11-23T11:55:00Z', now, 'de')).toBe('vor 5 Minuten');
  expect(relativeTimeText('2026-11-23T09:00:00Z', now, 'en')).toBe('3 hours ago');
  expect(relativeTimeText('2026-11-20T12:00:00Z', now, 'de')).toBe('20.11.2026');
});

it('a period ends on its last day in its own zone', () => {
  expect(lastDayText('2026-11-30T23:00:00.000Z', 'Europe/Berlin', 'de')).toBe('30. November 2026');
  expect(lastDayText('2026-12-01T08:00:00.000Z', 'America/Los_Angeles', 'en')).toBe('30 November 2026');
  expect(monthText('2026-10-31T23:00:00.000Z', 'Europe/Berlin', 'de')).toBe('November 2026');
});

it('a list reads as people say it', () => {
  expect(listText(['OpenAI', 'Anthropic', 'Gemini'], 'de')).toBe('OpenAI, Anthropic und Gemini');
  expect(listText(['OpenAI', 'Gemini'], 'en')).toBe('OpenAI and Gemini');
  expect(listText(['OpenAI'], 'en')).toBe('OpenAI');
});

it('prices and rates keep all their digits', () => {
  expect(usdText('0.0375', 'de')).toBe('0,0375\u00A0$');
  expect(usdText('0.0000125', 'en')).toBe('$0.0000125');
  expect(usdText('15', 'en')).toBe('$15.00');
  expect(exactNumberText('0.86125', 'de')).toBe('0,86125');
});

it('durations', () => {
  expect(durationText(340, 'de')).toBe('340 ms');
  expect(durationText(1240, 'de')).toBe('1,2 s');
  expect(durationText(61_000, 'en')).toBe('61.0 s');
});

it('the first language of the browser that we speak', () => {
  expect(preferredLanguage(['fr-FR', 'en-US', 'de'])).toBe('en');
  expect(preferredLanguage(['de-AT'])).toBe('de');
  expect(preferredLanguage(['fr'])).toBe('de');
});
