/** A cut of Markdown as one reads it: without the marks of headings, lists, tables, code, emphasis and links. */

/** At the beginning of a line; the first line of a cut may be the middle of one, which takes nothing away from words. */
const LINE_MARK = /^(#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t]/;
const FENCE = /^(```|~~~)/;
const TABLE_RULE = /^[|:\- \t]{3,}$/;
const LINK = /!?\[([^[\]\n]{0,300})\]\([^()\s]{0,2000}\)/g;
const PAIRS = /\*\*|__|~~|`/g;
/** Around words, not between numbers. */
const STAR = /(^|[\s([{"'])\*(?=\S)|(\S)\*(?=[\s.,;:!?)\]}"']|$)/g;
const MATH = /\\[()[\]]/g;

function plainLine(line: string): string {
  let text = line.trim();
  if (FENCE.test(text) || (TABLE_RULE.test(text) && text.includes('-'))) return '';
  for (let depth = 0; depth < 3 && LINE_MARK.test(text); depth++) text = text.replace(LINE_MARK, '').trim();
  const isRow = text.startsWith('|') && text.endsWith('|') && text.length > 1;
  if (isRow) text = text.slice(1, -1).replaceAll('|', ' · ');
  return text.replace(LINK, '$1').replace(PAIRS, '').replace(STAR, '$1$2').replace(MATH, '');
}

export function plainText(markdown: string): string {
  return markdown.split('\n').map(plainLine).join(' ').replace(/\s+/g, ' ').trim();
}
