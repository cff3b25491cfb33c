import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../i18n/i18n.ts';
import { exactMoneyText, moneyText, type Rounding } from '../money/money-text.ts';
import {
  dateTimeText,
  dayText,
  durationText,
  exactNumberText,
  lastDayText,
  listText,
  monthText,
  numberText,
  percentText,
  relativeTimeText,
  shareText,
  usdText,
} from './format.ts';

/** The formats of this package in the language that is on. */
export function useFormat() {
  const { i18n, t } = useTranslation('ui');
  const language = languageOf(i18n);
  return useMemo(
    () => ({
      language,
      money: (amount: string, rounding?: Rounding) => moneyText(amount, language, rounding),
      exactMoney: (amount: string) => exactMoneyText(amount, language),
      list: (parts: string[]) => listText(parts, language),
      number: (value: number) => numberText(value, language),
      exactNumber: (decimal: string) => exactNumberText(decimal, language),
      percent: (percent: number) => percentText(percent, language),
      usd: (price: string) => usdText(price, language),
      share: (part: number, whole: number) => shareText(part, whole, language),
      duration: (durationMs: number) => durationText(durationMs, language),
      day: (day: string) => dayText(day, language),
      dateTime: (isoTime: string) => dateTimeText(isoTime, language),
      relative: (isoTime: string) => relativeTimeText(isoTime, Date.now(), language) ?? t('time.now'),
      month: (period: { start: string; timeZone: string }) => monthText(period.start, period.timeZone, language),
      periodEnd: (period: { end: string; timeZone: string }) =>
        t('time.periodEnd', { date: lastDayText(period.end, period.timeZone, language), zone: period.timeZone }),
    }),
    [language, t],
  );
}
