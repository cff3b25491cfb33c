/** How models mark mathematics, `\( \)`, `\[ \]` and `$ $`, put into the one form that is read here: `$$ $$`. */

const LONGEST_FORMULA = 4_000;
const BLOCK_FENCE = /^[ \t]*(`{3,}|~{3,})/;

/** Code is left alone, and so are sums of money. */
export function withMathMarkers(text: string): string {
  if (!/[$\\]/.test(text)) return text;
  let fence: string | null = null;
  let out = '';
  let prose = '';
  const flush = () => {
    out += inProse(prose);
    prose = '';
  };
  for (const line of text.split(/(?<=\n)/)) {
    const marker = BLOCK_FENCE.exec(line)?.[1];
    if (fence === null && marker === undefined) prose += line;
    else {
      flush();
      out += line;
      if (fence === null) fence = marker ?? null;
      else if (marker?.startsWith(fence) && line.trim() === marker) fence = null;
    }
  }
  flush();
  return out;
}

function inProse(text: string): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const found = spanAt(text, at);
    out += found ? found.text : text[at];
    at = found ? found.end : at + 1;
  }
  return out;
}

/** What begins here and is to be left or rewritten in one piece. */
function spanAt(text: string, at: number): { text: string; end: number } | null {
  const character = text[at];
  if (character === '`') return codeAt(text, at);
  if (character === '\\') {
    const next = text[at + 1];
    if (next === '(') return formula(text, at, 2, '\\)');
    if (next === '[') return formula(text, at, 2, '\\]');
    return { text: text.slice(at, at + 2), end: at + 2 };
  }
  if (character !== '$') return null;
  if (text[at + 1] === '$') {
    const close = within(text, '$$', at + 2);
    return close < 0 ? { text: '$$', end: at + 2 } : { text: text.slice(at, close + 2), end: close + 2 };
  }
  return dollar(text, at);
}

function codeAt(text: string, at: number): { text: string; end: number } {
  let from = at;
  while (text[from] === '`') from += 1;
  const marker = text.slice(at, from);
  const close = within(text, marker, from);
  const end = close < 0 ? from : close + marker.length;
  return { text: text.slice(at, end), end };
}

function formula(text: string, at: number, opens: number, closer: string): { text: string; end: number } | null {
  const close = within(text, closer, at + opens);
  if (close < 0) return null;
  const end = close + closer.length;
  const body = text.slice(at + opens, close).trim();
  if (body === '' || /\n[ \t]*\n/.test(body)) return null;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(lineStart, at);
  const alone = before.trim() === '' && /^[ \t]*(\n|$)/.test(text.slice(end, end + 80));
  if (closer === '\\]' && alone) return { text: `$$\n${before}${body}\n${before}$$`, end };
  return { text: `$$${body}$$`, end };
}

/** A dollar sign opens before no space, and closes behind none and before no digit: `$5 and $10` are sums of money. */
function dollar(text: string, at: number): { text: string; end: number } | null {
  if (/\s/.test(text[at + 1] ?? ' ')) return null;
  const lineEnd = text.indexOf('\n', at);
  const stop = lineEnd < 0 ? text.length : lineEnd;
  const close = text.indexOf('$', at + 1);
  if (close < 0 || close > stop || close - at > LONGEST_FORMULA) return null;
  if (/[\s\\]/.test(text[close - 1] ?? ' ') || /[\d$]/.test(text[close + 1] ?? '')) return null;
  const body = text.slice(at + 1, close);
  if (/^[\d.,]*\s/.test(body) && !/[\\^_=+]/.test(body)) return null;
  return { text: `$$${body}$$`, end: close + 1 };
}

function within(text: string, what: string, from: number): number {
  const found = text.slice(from, from + LONGEST_FORMULA).indexOf(what);
  return found < 0 ? -1 : from + found;
}
