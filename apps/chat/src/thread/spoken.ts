/** Markdown as it is said aloud: without the signs that only shape it. */

export function spoken(paragraph: string): string {
  return paragraph
    .replace(/^\s{0,3}(`{3,}|~{3,}).*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/^\s*\|?\s*:?-{3,}.*$/gm, '')
    .replace(/^\s{0,3}(#{1,6}|>+|[-*+]|\d{1,9}[.)])\s+/gm, '')
    .replace(/\*\*|__|`+|\$\$|\\[()[\]]/g, '')
    .replace(/\s*\|\s*/g, ', ')
    .trim();
}
