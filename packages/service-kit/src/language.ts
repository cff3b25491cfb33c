/** The language that a request asks for, of those that we speak. */
import { type Locale, locale } from '@cloudfreedom/contracts';

const ENTRY = /^([a-z]{1,8})(?:-[a-z0-9-]*)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?$/;

/** @returns undefined where `accept-language` names none of ours: then the person's own setting counts */
export function requestedLanguage(acceptLanguage: string | undefined): Locale | undefined {
  if (acceptLanguage === undefined) return undefined;
  let best: { language: Locale; weight: number } | undefined;
  for (const entry of acceptLanguage.toLowerCase().split(',')) {
    const [, name, q] = ENTRY.exec(entry.trim()) ?? [];
    const known = locale.safeParse(name);
    const weight = Number(q ?? 1);
    if (known.success && weight > (best?.weight ?? 0)) best = { language: known.data, weight };
  }
  return best?.language;
}
