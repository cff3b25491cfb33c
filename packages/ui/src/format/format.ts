/** Numbers and times in the words of a language. Pure: the moment it is now is given. */
import { type Language, localeOf } from '../i18n/language.ts';
import { numberFormat, relativeFormat, timeFormat } from './formatters.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function numberText(value: number, language: Language): string {
  return numberFormat(language).format(value);
}

/** A decimal with all its digits: "0,86125" (de). */
export function exactNumberText(decimal: string, language: Language): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 12 }).format(Number(decimal));
}

/** 12.4 -> "12 %" (de) or "12%" (en). */
export function percentText(percent: number, language: Language): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
}

/** A part of a whole: "38 %", "< 1 %" where it is more than nothing; nothing of nothing is 0 %. */
export function shareText(part: number, whole: number, language: Language): string {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  return percent > 0 && percent < 1 ? `< ${percentText(1, language)}` : percentText(percent, language);
}

/** A price in US dollars, exactly: "0,0375 $" (de) or "$0.0375" (en). */
export function usdText(price: string, language: Language): string {
  return new Intl.NumberFormat(localeOf(language), {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: 12,
  }).format(Number(price));
}

/** "OpenAI, Anthropic und Gemini". */
export function listText(parts: string[], language: Language): string {
  return new Intl.ListFormat(localeOf(language)).format(parts);
}

/** "1,2 s" from a second on, "340 ms" below. */
export function durationText(durationMs: number, language: Language): string {
  if (durationMs < 1000) return `${numberText(Math.round(durationMs), language)} ms`;
  const format = numberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${format.format(durationMs / 1000)} s`;
}

/** Day, month, year, hours and minutes with the zone's short name, in the reader's own zone. */
export function dateTimeText(isoTime: string, language: Language): string {
  return timeFormat(language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(isoTime));
}

/** Relative up to a day ("vor 5 Minuten"), then the date. `null`: less than a minute ago. */
export function relativeTimeText(isoTime: string, nowMs: number, language: Language): string | null {
  const agoMs = nowMs - Date.parse(isoTime);
  if (agoMs < MINUTE_MS) return null;
  const relative = relativeFormat(language);
  if (agoMs < HOUR_MS) return relative.format(-Math.floor(agoMs / MINUTE_MS), 'minute');
  if (agoMs < DAY_MS) return relative.format(-Math.floor(agoMs / HOUR_MS), 'hour');
  return timeFormat(language, { day: '2-digit', month: '2-digit', year: 'numeric' }).format(new Date(isoTime));
}

/** The month that a period covers, in the period's own zone: "November 2026". */
export function monthText(periodStart: string, timeZone: string, language: Language): string {
  return timeFormat(language, { month: 'long', year: 'numeric', timeZone }).format(new Date(periodStart));
}

/** Last day of a period whose `end` no longer belongs to it: "30. November 2026". */
export function lastDayText(periodEnd: string, timeZone: string, language: Language): string {
  return timeFormat(language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  }).format(new Date(Date.parse(periodEnd) - 1));
}

/** A calendar day ("2026-11-23") in full: "23. November 2026". */
export function dayText(day: string, language: Language): string {
  return timeFormat(language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(day));
}
