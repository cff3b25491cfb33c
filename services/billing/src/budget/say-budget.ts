/** A budget in one sentence: to the person whose it is, or to an admin about them. */
import type { BudgetFigures, Locale } from '@cloudfreedom/contracts';

const FORMATS = { de: 'de-DE', en: 'en-IE' } as const;

/** @param until the first moment that no longer belongs to the period */
export function sayBudget(
  figures: BudgetFigures,
  period: { until: Date; timeZone: string },
  to: { language: Locale; isOwn: boolean },
): string {
  const { language, isOwn } = to;
  const euro = new Intl.NumberFormat(FORMATS[language], {
    style: 'currency',
    currency: 'EUR',
    maximumFractionDigits: 4,
  });
  const say = (amount: string | null) => euro.format((amount ?? '0') as Intl.StringNumericLiteral);
  const lastDay = new Intl.DateTimeFormat(FORMATS[language], { dateStyle: 'long', timeZone: period.timeZone });
  const day = lastDay.format(new Date(period.until.getTime() - 1));
  const [limit, spent, held, left] = [figures.limit, figures.spent, figures.held, figures.remaining].map(say);
  if (language === 'de') {
    const opening = isOwn ? `Sie haben ${spent} von ${limit} verbraucht` : `${spent} von ${limit} sind verbraucht`;
    return `${opening}, ${held} sind für laufende Anfragen zurückgelegt, ${left} sind bis zum ${day} übrig.`;
  }
  const opening = isOwn ? `You have spent ${spent} of ${limit}` : `${spent} of ${limit} are spent`;
  return `${opening}, ${held} are held for running requests, ${left} are left until ${day}.`;
}
