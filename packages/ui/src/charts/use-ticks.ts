import { useMemo } from 'react';
import { useFormat } from '../format/use-format.ts';
import { localeOf } from '../i18n/language.ts';

/** Round sizes of an axis as text: euro, counts, and milliseconds. */
export function useTicks() {
  const { language, duration } = useFormat();
  return useMemo(() => {
    const locale = localeOf(language);
    const count = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
    const euro = (size: number) =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'EUR',
        minimumFractionDigits: Number.isInteger(size) ? 0 : 2,
        maximumFractionDigits: Math.abs(size) < 0.1 && size !== 0 ? 5 : 2,
      }).format(size);
    return { euro, count: (size: number) => count.format(size), duration };
  }, [language, duration]);
}
