/** The one fault of a rejected body that helps its sender most. */
import { GERMAN_FAULTS } from '@cloudfreedom/contracts';
import { de, en } from 'zod/locales';

export interface ValidationFault {
  path: PropertyKey[];
  message: string;
  /** The message in German; undefined where a schema brings words of its own. */
  german?: string | undefined;
}

interface Issue {
  [more: string]: unknown;
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  /** Of an `invalid_union`: the issues of each alternative. */
  errors?: Issue[][];
}

type Words = ReturnType<typeof de>['localeError'];
const [english, german] = [en().localeError, de().localeError];

/** The type that came is only in the message by now: an issue no longer holds its input. */
function wordsOf(say: Words, issue: Issue): string {
  const words = say({ ...issue, input: undefined } as Parameters<Words>[0]);
  const text = typeof words === 'string' ? words : (words?.message ?? '');
  const [, received] = / received (\S+)$/.exec(issue.message) ?? [];
  return received === undefined ? text : text.replace(/undefined$/, received);
}

function inGerman(issue: Issue): string | undefined {
  const own = GERMAN_FAULTS[issue.message];
  if (own !== undefined) return own;
  return wordsOf(english, issue) === issue.message ? wordsOf(german, issue) : undefined;
}

/**
 * For a union zod only says "invalid input" at the union's own path. The alternative that was meant is the one that
 * fits best: right type at its root, then fewest issues; its first issue names the field at fault.
 */
export function validationFault(issue: Issue): ValidationFault {
  const alternatives = issue.code === 'invalid_union' ? (issue.errors ?? []).filter((issues) => issues.length > 0) : [];
  if (alternatives.length === 0) return { path: issue.path, message: issue.message, german: inGerman(issue) };
  const misfit = (issues: Issue[]) =>
    issues.some(({ path, code }) => path.length === 0 && code !== 'invalid_union')
      ? Number.POSITIVE_INFINITY
      : issues.length;
  const least = Math.min(...alternatives.map(misfit));
  const faults = alternatives
    .filter((issues) => misfit(issues) === least)
    .map((issues) => validationFault(issues[0] as Issue));
  const [first] = faults as [ValidationFault];
  const samePlace = faults.filter(({ path }) => path.join('.') === first.path.join('.'));
  return {
    path: [...issue.path, ...first.path],
    message: [...new Set(samePlace.map(({ message }) => message))].join(' or '),
    german: [...new Set(samePlace.map(({ message, german }) => german ?? message))].join(' oder '),
  };
}

/** As OpenAI writes it: `messages[0].content`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path.map(String)) text += /^\d+$/.test(step) && text ? `[${step}]` : text ? `.${step}` : step;
  return text;
}
