/** What a person typed as an amount -> a decimal string of the contracts. */
import { formatEur, parseEur } from '@cloudfreedom/contracts';

export type TypedAmount =
  | { ok: true; amount: string }
  | { ok: false; fault: 'empty' | 'negative' | 'not_a_number' | 'ambiguous' };

/**
 * Takes a comma or a point before the decimals ("12,50", "12.5", "12 €"). "1.000" could mean one or a thousand, so it is
 * refused rather than guessed.
 */
export function readTypedAmount(typed: string): TypedAmount {
  const text = typed.replace(/[\s€\u00a0\u202f]/g, '');
  if (text === '') return { ok: false, fault: 'empty' };
  if (/^[-−]/.test(text)) return { ok: false, fault: 'negative' };
  if (/^\d{1,3}[.,]\d{3}$/.test(text) && !text.startsWith('0')) return { ok: false, fault: 'ambiguous' };
  if (!/^\d{1,10}([.,]\d{1,9})?$/.test(text)) return { ok: false, fault: 'not_a_number' };
  return { ok: true, amount: formatEur(parseEur(text.replace(',', '.'))) };
}
