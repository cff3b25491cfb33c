/** A refusal of a rate limit in a sentence for the person: which limit of whom, and what helps. */
import type { LimitKind, LimitLevel, Locale } from '@cloudfreedom/contracts';
import type { LimitRefusal } from '../limits/count.ts';

interface Words {
  /** Of numbers. */
  format: string;
  kind: Record<LimitKind, string>;
  level: Record<LimitLevel, string>;
  atMost: (kind: string, level: string, limit: string) => string;
  again: (seconds: string) => string;
  oversized: (tokens: string, level: string, limit: string) => string;
}

const WORDS: Record<Locale, Words> = {
  de: {
    format: 'de-DE',
    kind: {
      requests_per_minute: 'Anfragen je Minute',
      tokens_per_minute: 'Token je Minute',
      parallel_requests: 'Anfragen zugleich',
    },
    level: {
      api_key: 'für diesen API-Schlüssel',
      user: 'für Sie',
      product: 'für alle Personen mit Ihrem Tarif zusammen',
      tenant: 'für Ihre Organisation',
    },
    atMost: (kind, level, limit) => `Zu viele ${kind}: Erlaubt sind ${level} höchstens ${limit}.`,
    again: (seconds) => `Versuchen Sie es in ${seconds} s noch einmal.`,
    oversized: (tokens, level, limit) =>
      `Diese Anfrage ist zu groß: Sie zählt ${tokens} Token, erlaubt sind ${level} höchstens ${limit} Token je Minute. Kürzen Sie die Eingabe, oder verlangen Sie mit max_tokens weniger Ausgabe.`,
  },
  en: {
    format: 'en-IE',
    kind: {
      requests_per_minute: 'requests per minute',
      tokens_per_minute: 'tokens per minute',
      parallel_requests: 'requests at the same time',
    },
    level: {
      api_key: 'for this API key',
      user: 'for you',
      product: 'for all people with your product together',
      tenant: 'for your organisation',
    },
    atMost: (kind, level, limit) => `Rate limit reached: at most ${limit} ${kind} are allowed ${level}.`,
    again: (seconds) => `Please try again in ${seconds} s.`,
    oversized: (tokens, level, limit) =>
      `Request too large: it counts ${tokens} tokens, and at most ${limit} tokens per minute are allowed ${level}. Shorten the input, or ask for less output with max_tokens.`,
  },
};

/** @param tokens what the request counts */
export function sayLimit({ refused, retryAfterMs }: LimitRefusal, tokens: number, language: Locale): string {
  const words = WORDS[language];
  const say = new Intl.NumberFormat(words.format);
  const level = words.level[refused.level];
  if (retryAfterMs === null) return words.oversized(say.format(tokens), level, say.format(refused.limit));
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return `${words.atMost(words.kind[refused.kind], level, say.format(refused.limit))} ${words.again(String(seconds))}`;
}
