/** A growing block of code in parts that are coloured one by one, so that only the last is coloured anew while it grows. */
import type { HighlightNode } from './highlight.ts';

/** A longer end is looked at for a place to cut. */
const PART_LINES = 40;

type Colour = (code: string) => HighlightNode | null;

/** Where so many lines end; null: there are not so many. */
function endOfLines(text: string, lines: number): number | null {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return null;
    at = end + 1;
  }
  return at;
}

/**
 * The last line's beginning in the second half that stands in no string, comment or other piece, and isn't indented: what
 * follows is coloured alike by itself. null: there is none.
 */
function placeToCut(text: string, tree: HighlightNode | null): number | null {
  let place: number | null = null;
  let at = 0;
  for (const node of tree?.children ?? [{ type: 'text', value: text }]) {
    const value = textOf(node);
    if (node.type === 'text') {
      for (let end = value.indexOf('\n'); end >= 0; end = value.indexOf('\n', end + 1)) {
        const next = at + end + 1;
        if (next > text.length / 2 && next < text.length && !/\s/.test(text[next] ?? '')) place = next;
      }
    }
    at += value.length;
  }
  return place;
}

function textOf(node: HighlightNode): string {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}

/** Cuts one block of code as it grows: a longer code keeps all parts of a shorter one but the last. */
export class CodeParts {
  readonly #colour: Colour;
  #whole: string[] = [];
  #length = 0;
  #text = '';

  constructor(colour: Colour) {
    this.#colour = colour;
  }

  /** The parts, one after the other, are the code. */
  of(code: string): string[] {
    if (!code.startsWith(this.#text)) {
      this.#whole = [];
      this.#length = 0;
      this.#text = '';
    }
    let lines = PART_LINES;
    for (;;) {
      const rest = code.slice(this.#length);
      const end = endOfLines(rest, lines);
      if (end === null) return [...this.#whole, rest];
      const looked = rest.slice(0, end);
      const cut = placeToCut(looked, this.#colour(looked));
      if (cut === null) lines *= 2;
      else {
        this.#whole.push(rest.slice(0, cut));
        this.#length += cut;
        this.#text = code.slice(0, this.#length);
        lines = PART_LINES;
      }
    }
  }
}
