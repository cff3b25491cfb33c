/** What a person typed as an amount -> a decimal string of the contracts. */
import { formatEur, parseEur } from '@cloudfreedom/contracts';

export type TypedAmount =
  | { ok: true; amount: string }
  | { ok: false; fault: 'empty' | 'negative' | 'not_a_number' | 'ambiguous' | 'too_large' };

const WHOLE_DIGITS_MAX = 10;
/** Thousands apart by one sign and the decimals behind the other ("1.000,50"), or thousands twice ("1,000,000"). */
const GROUPED = /^\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})$/;

/** Without the signs between thousands; the decimals behind a point. Whatever is no number stays none. */
function ungrouped(text: string): string {
  if (!GROUPED.test(text)) return text.replace(',', '.');
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const decimals = text.indexOf(text.charAt(last)) === last ? text.slice(last + 1) : '';
  const whole = (decimals === '' ? text : text.slice(0, last)).replace(/[.,]/g, '');
  return decimals === '' ? whole : `${whole}.${decimals}`;
}

/**
 * Takes a comma or a point before the decimals ("12,50", "12.5", "12 €"), and between thousands where no doubt remains
 * ("1.000,50"). "1.000" could mean one or a thousand, so it is refused rather than guessed.
 */
export function readTypedAmount(typed: string): TypedAmount {
  const text = typed.replace(/[\s€\u00a0\u202f]/g, '');
  if (text === '') return { ok: false, fault: 'empty' };
  if (/^[-−]/.test(text)) return { ok: false, fault: 'negative' };
  if (/^\d{1,3}[.,]\d{3}$/.test(text) && !text.startsWith('0')) return { ok: false, fault: 'ambiguous' };
  const plain = ungrouped(text);
  const whole = /^0*(\d+)(?:\.\d{1,9})?$/.exec(plain)?.[1];
  if (whole === undefined) return { ok: false, fault: 'not_a_number' };
  if (whole.length > WHOLE_DIGITS_MAX) return { ok: false, fault: 'too_large' };
  return { ok: true, amount: formatEur(parseEur(plain.replace(/^0+(?=\d)/, ''))) };
}
