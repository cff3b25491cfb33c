/** Where in a message the words are, in pieces that a page can mark. */
import type { FoundConversation } from '@cloudfreedom/contracts';
import { plainText } from './plain-text.ts';

/** Characters that nobody types stand around what Postgres marks. */
export const MARK_START = '\u0002';
export const MARK_END = '\u0003';

type Excerpt = FoundConversation['excerpt'];

const WORDS_MAX = 8;

/** What is looked for: in small letters, each word once. A long text counts with its first words. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.toWellFormed().toLowerCase().split(/\s+/).filter(Boolean))].slice(0, WORDS_MAX);
}

/**
 * The words as they were typed, also within longer ones; where none stands so, the other forms that Postgres marked. As one
 * reads it, without the marks of Markdown, but where the words are in nothing else (an address of a link).
 */
export function excerptOf(
  found: { cutOut: string | null; germanHeadline: string | null; englishHeadline: string | null },
  words: string[],
): Excerpt {
  const cutOut = found.cutOut ?? '';
  const plain = markWords(plainText(cutOut), words);
  const typed = [plain, markWords(tidy(cutOut), words)].find((pieces) => pieces.some(({ match }) => match));
  if (typed) return typed;
  for (const headline of [found.germanHeadline, found.englishHeadline]) {
    if (headline?.includes(MARK_START)) return readMarks(plainText(headline));
  }
  return plain;
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

const literally = (word: string) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function markWords(text: string, words: string[]): Excerpt {
  // The longest first: of "car" and "cars" the whole of the latter is marked.
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const any = new RegExp(`(${longestFirst.map(literally).join('|')})`, 'iu');
  return text
    .split(any)
    .map((piece, index) => ({ text: piece, match: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

function readMarks(text: string): Excerpt {
  return text
    .split(MARK_START)
    .flatMap((part, index) => {
      if (index === 0) return [{ text: part, match: false }];
      const [marked = '', ...rest] = part.split(MARK_END);
      return [
        { text: marked, match: true },
        { text: rest.join(''), match: false },
      ];
    })
    .filter((piece) => piece.text !== '');
}
