/** What a long conversation holds: prose, code, tables, formulas. And answers that are streamed into it. */

const PROSE =
  'A budget is a promise about the future that is checked every day. **Held** money is not spent yet, and `free` is what is left of both: whoever plans a month should look at all three, and at the [figures](https://example.org/figures) behind them.';
const LIST =
  '1. Write down what is known.\n2. Look at *two* other ways, with their costs:\n   - the cheap one\n   - the quick one\n3. Begin with what is done in a day.';
const TABLE =
  '| Month | Planned | Spent | Free |\n| --- | ---: | ---: | ---: |\n| July | 40.00 € | 31.20 € | 8.80 € |\n| August | 40.00 € | 38.04 € | 1.96 € |\n| September | 45.00 € | 12.51 € | 32.49 € |';
const FORMULA =
  'The mean is \\(\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i\\), and its spread\n\n$$\n\\sigma = \\sqrt{\\frac{1}{n-1}\\sum_{i=1}^{n} (x_i - \\bar{x})^2}\n$$';
const CODE = {
  typescript:
    'export function freeOf(limit: bigint, spent: bigint, held: bigint): bigint {\n  const free = limit - spent - held;\n  return free > 0n ? free : 0n; // never less than nothing\n}',
  python:
    'from decimal import Decimal\n\n\ndef free(limit: Decimal, spent: Decimal, held: Decimal) -> Decimal:\n    """What is left of a month."""\n    return max(limit - spent - held, Decimal("0"))',
  sql: "SELECT model, count(*) AS requests, sum(charge_eur) AS charge\nFROM usage_rows\nWHERE at >= date_trunc('month', now())\nGROUP BY model\nORDER BY charge DESC;",
};
const code = (language: keyof typeof CODE) => `\`\`\`${language}\n${CODE[language]}\n\`\`\``;
const ANSWERS = [
  `${PROSE}\n\n${code('typescript')}\n\n${LIST}`,
  `## Three months\n\n${TABLE}\n\n${PROSE}`,
  `${FORMULA}\n\n${PROSE}`,
  `${LIST}\n\n${code('python')}\n\n${PROSE}`,
  `${PROSE}\n\n> ${PROSE}\n\n${code('sql')}`,
];

/** So many messages, questions and answers by turns. */
export function messages(count: number): { role: 'user' | 'assistant'; content: string }[] {
  return Array.from({ length: count }, (_, nth) =>
    nth % 2 === 0
      ? { role: 'user', content: `Question ${nth / 2 + 1}: how do I plan a month with this?` }
      : { role: 'assistant', content: ANSWERS[((nth - 1) / 2) % ANSWERS.length] ?? '' },
  );
}

const repeated = (part: string, characters: number) => part.repeat(Math.ceil(characters / part.length));

/** At least so many characters of everything, part by part. */
export function mixedAnswer(characters: number): string {
  return repeated(`${ANSWERS.join('\n\n')}\n\n`, characters);
}

/** At least so many characters in a single block of code. */
export function codeAnswer(characters: number): string {
  return `Here it is:\n\n\`\`\`typescript\n${repeated(`${CODE.typescript}\n\n`, characters)}\`\`\`\n`;
}

/** At least so many characters in a single table. */
export function tableAnswer(characters: number): string {
  return `| Month | Planned | Spent | Free |\n| --- | ---: | ---: | ---: |\n${repeated('| October | 45.00 € | **12.51 €** | 32.49 € |\n', characters)}`;
}
