/** A refusal of the budget in a sentence for the person: which budget, its figures where they may be seen, what helps. */
import type { BudgetLevelName, Locale, ShownBudgetRefusal } from '@cloudfreedom/contracts';
import { retryAfterSeconds } from '../errors.ts';

type Code = 'insufficient_quota' | 'budget_held';

interface Words {
  /** Of numbers and dates. */
  format: string;
  short: Record<BudgetLevelName, string>;
  held: (level: BudgetLevelName, requests: string) => string;
  figures: (spent: string, limit: string, held: string, left: string) => string;
  needs: (needed: string) => string;
  until: (day: string) => string;
  again: (seconds: number) => string;
}

const WORDS: Record<Locale, Words> = {
  de: {
    format: 'de-DE',
    short: {
      tenant: 'Das Budget Ihrer Organisation reicht für diese Anfrage nicht',
      user: 'Ihr Budget reicht für diese Anfrage nicht',
      api_key: 'Das Budget dieses API-Schlüssels reicht für diese Anfrage nicht',
    },
    held: (level, requests) => {
      const whose = {
        tenant: 'des Budgets Ihrer Organisation',
        user: 'Ihres Budgets',
        api_key: 'des Budgets dieses API-Schlüssels',
      };
      return `Der Rest ${whose[level]} ist für laufende Anfragen zurückgelegt${requests && ` (${requests})`}`;
    },
    figures: (spent, limit, held, left) =>
      `${spent} von ${limit} sind verbraucht, ${held} sind zurückgelegt, ${left} sind übrig`,
    needs: (needed) => `nötig sind mindestens ${needed}`,
    until: (day) => `Das nächste Budget beginnt am ${day}.`,
    again: (seconds) =>
      seconds === 1
        ? 'Versuchen Sie es in einer Sekunde noch einmal.'
        : `Versuchen Sie es in ${seconds} Sekunden noch einmal.`,
  },
  en: {
    format: 'en-IE',
    short: {
      tenant: "Your organisation's budget does not cover this request",
      user: 'Your budget does not cover this request',
      api_key: 'The budget of this API key does not cover this request',
    },
    held: (level, requests) => {
      const whose = { tenant: "your organisation's budget", user: 'your budget', api_key: "this API key's budget" };
      return `The rest of ${whose[level]} is held for running requests${requests && ` (${requests})`}`;
    },
    figures: (spent, limit, held, left) => `${spent} of ${limit} are spent, ${held} are held, ${left} are left`,
    needs: (needed) => `at least ${needed} are needed`,
    until: (day) => `The next budget begins on ${day}.`,
    again: (seconds) => `Try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
  },
};

/**
 * @param budget null: billing told no figures
 * @param retryAfterMs of a budget that is only held: as in the answer's `retry-after`
 */
export function sayRefusal(
  { code, retryAfterMs }: { code: Code; retryAfterMs: number },
  budget: ShownBudgetRefusal | null,
  language: Locale,
): string {
  const words = WORDS[language];
  const again = words.again(retryAfterSeconds(retryAfterMs));
  if (!budget) return code === 'budget_held' ? `${words.held('user', '')}. ${again}` : `${words.short.user}.`;
  const { level, needed, period, openHolds } = budget;
  const opening =
    code === 'budget_held'
      ? words.held(level, openHolds.map(({ requestId }) => requestId).join(', '))
      : words.short[level];
  const say = moneyIn(words.format);
  const { limit, spent, held, remaining } = budget;
  const known = limit !== null && spent !== null && held !== null && remaining !== null;
  const figures = known ? `${words.figures(say(spent), say(limit), say(held), say(remaining))}; ` : '';
  const ending = code === 'budget_held' ? again : words.until(dayOf(period, words.format));
  return `${opening}: ${figures}${words.needs(say(needed))}. ${ending}`;
}

/** Six places: a request may cost less than a hundredth of a cent. */
function moneyIn(format: string): (amount: string) => string {
  const euro = new Intl.NumberFormat(format, { style: 'currency', currency: 'EUR', maximumFractionDigits: 6 });
  return (amount) => euro.format(amount as Intl.StringNumericLiteral);
}

function dayOf({ end, timeZone }: ShownBudgetRefusal['period'], format: string): string {
  return new Intl.DateTimeFormat(format, { dateStyle: 'long', timeZone }).format(new Date(end));
}
