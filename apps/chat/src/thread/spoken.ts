/** Markdown as it is said aloud: without the signs that only shape it. */

export function spoken(paragraph: string): string {
  return paragraph
    .replace(/^\s{0,3}(`{3,}|~{3,}).*$/gm, '')
    .replace(/!?\[([^[\]]{0,500})\]\([^()\s]{0,2000}(?:[ \t]{1,9}"[^"]{0,500}")?\)/g, '$1')
    .replace(/^[ \t]{0,9}\|?[ \t]{0,9}:?-{3,}.*$/gm, '')
    .replace(/^\s{0,3}(#{1,6}|>+|[-*+]|\d{1,9}[.)])\s+/gm, '')
    .replace(/\*\*|__|`+|\$\$|\\[()[\]]/g, '')
    .replace(/ ?\| ?/g, ', ')
    .trim();
}
