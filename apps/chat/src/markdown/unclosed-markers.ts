/** Half of Markdown's markers while a text is still growing. */

const TOKEN = /\\.|`+|\*\*|\n[ \t]*\n/gs;

/**
 * The text without `**` and `` ` `` that open something which has not been closed yet: the text behind them is shown plain
 * until it is. Blocks of code stay as they are, Markdown shows unclosed ones well.
 */
export function withoutUnclosedMarkers(text: string): string {
  let unclosed: { at: number; marker: string } | null = null;
  let bold: number | null = null;
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    const end = match.index + token.length;
    if (token.startsWith('\n')) bold = null;
    else if (token.startsWith('`')) {
      const close = closeOfCode(text, token, match.index);
      if (close === null) {
        if (!opensBlock(text, token, match.index)) unclosed = { at: match.index, marker: token };
        break;
      }
      tokens.lastIndex = close;
    } else if (token === '**') {
      if (bold !== null && !isBlank(text[match.index - 1])) bold = null;
      else if (bold === null && (end === text.length || !isBlank(text[end]))) bold = match.index;
    }
  }
  let shown = unclosed ? cut(text, unclosed.at, unclosed.marker.length) : text;
  if (bold !== null) shown = cut(shown, bold, 2);
  // The first half of a `**`.
  return shown.replace(/(?<![*\\])\*$/, '');
}

function cut(text: string, at: number, length: number): string {
  return text.slice(0, at) + text.slice(at + length);
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

function opensBlock(text: string, marker: string, at: number): boolean {
  return marker.length >= 3 && /(^|\n)[ \t]*$/.test(text.slice(0, at));
}

/** Where the code that `marker` opens has ended; null: not yet. A paragraph's end ends none of a block. */
function closeOfCode(text: string, marker: string, at: number): number | null {
  const from = at + marker.length;
  if (opensBlock(text, marker, at)) {
    const close = new RegExp(`\\n[ \\t]*\`{${marker.length},}[ \\t]*(?=\\n|$)`, 'g');
    close.lastIndex = from;
    return close.test(text) ? close.lastIndex : null;
  }
  for (const run of text.slice(from).matchAll(/`+|\n[ \t]*\n/g)) {
    if (run[0].startsWith('\n')) return from;
    if (run[0].length === marker.length) return from + run.index + run[0].length;
  }
  return null;
}
