/** Exact decimals of billing in a language, no digit lost: "0.000000123" -> "0,000000123". */

export function decimalText(text: string, language: 'de' | 'en'): string {
  const [whole = '0', fraction] = text.split('.');
  const separated = new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB').format(BigInt(whole));
  if (fraction === undefined) return separated;
  return `${separated}${language === 'de' ? ',' : '.'}${fraction}`;
}

/** The same in euro, where the language has the sign. */
export function euroText(text: string, language: 'de' | 'en'): string {
  const amount = decimalText(text, language);
  return language === 'de' ? `${amount}\u00a0€` : `€${amount}`;
}
