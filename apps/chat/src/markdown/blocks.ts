/** A growing text in parts that are rendered one by one, so that only the last is read anew while an answer streams. */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LIST_ITEM = /^ {0,3}([-*+]|\d{1,9}[.)])(\s|$)/;
const DEFINITION = /^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S/;
const FOOTNOTE = /^ {0,3}\[\^[^\]\r\n\u2028\u2029]+\]:/m;
const MATH_FENCE = /^ {0,3}\$\$/;

/**
 * Markdown parts whose texts, one after the other, are the whole. A text that only grows keeps all parts but its last. A
 * part ends at a blank line outside of code, mathematics and lists. Where there are footnotes, which belong to the whole,
 * all of it is one part.
 */
export function splitBlocks(text: string): string[] {
  if (FOOTNOTE.test(text)) return [text];
  const blocks: string[] = [];
  let from = 0;
  let at = 0;
  let fence: string | null = null;
  let list = false;
  let blank = false;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    const line = text.slice(at, end < 0 ? text.length : end);
    if (line.trim() === '') blank = fence === null;
    else {
      const goesOn = /^(\s{2,}|\t)/.test(line) || (list && LIST_ITEM.test(line));
      if (blank && !goesOn && at > from) {
        blocks.push(text.slice(from, at));
        from = at;
        list = false;
      }
      blank = false;
      if (at === from) list = LIST_ITEM.test(line);
      fence = fenceAfter(line, fence);
    }
    at = next;
  }
  if (from < text.length) blocks.push(text.slice(from));
  return blocks;
}

/** What is open after a line: the marker of a block of code or mathematics, or nothing. */
function fenceAfter(line: string, fence: string | null): string | null {
  const inner = line.trim();
  if (fence === '$$') return inner.endsWith('$$') ? null : fence;
  if (fence !== null) return inner.startsWith(fence) && /^(`+|~+)$/.test(inner) ? null : fence;
  const code = FENCE.exec(line)?.[1];
  if (code) return code;
  return MATH_FENCE.test(line) && !/\$\$.*\$\$/.test(line) ? '$$' : null;
}

/** The lines that give names to addresses (`[1]: https://…`), which other parts may refer to. */
export function definitionsOf(blocks: readonly string[]): string {
  const lines = blocks
    .filter((block) => DEFINITION.test(block))
    .flatMap((block) => block.split('\n').filter((line) => DEFINITION.test(line)));
  return lines.join('\n');
}
