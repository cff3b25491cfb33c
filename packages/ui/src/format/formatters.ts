/** The browser's formatters, each made once: to make one takes many times as long as to use it, and a list uses thousands. */
import { type Language, localeOf } from '../i18n/language.ts';

const made = new Map<string, unknown>();

function once<Formatter>(key: string, make: () => Formatter): Formatter {
  const known = made.get(key);
  if (known !== undefined) return known as Formatter;
  const formatter = make();
  made.set(key, formatter);
  return formatter;
}

export function numberFormat(language: Language, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const make = () => new Intl.NumberFormat(localeOf(language), options);
  return once(`number ${language} ${JSON.stringify(options)}`, make);
}

export function timeFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const make = () => new Intl.DateTimeFormat(localeOf(language), options);
  return once(`time ${language} ${JSON.stringify(options)}`, make);
}

export function relativeFormat(language: Language): Intl.RelativeTimeFormat {
  return once(`relative ${language}`, () => new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'always' }));
}
