import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerptOf, wordsOf } from '../src/search/excerpt.ts';
import { plainText } from '../src/search/plain-text.ts';

const none = { germanHeadline: null, englishHeadline: null };
const joined = (pieces: { text: string }[]) => pieces.map(({ text }) => text).join('');

test('an excerpt is the text, plain or itself, whatever was typed; what is marked is one of the words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, typed) => {
      const words = wordsOf(typed);
      fc.pre(words.length > 0);
      const pieces = excerptOf({ cutOut: text, ...none }, words);
      // As one reads it, or as it was written.
      expect([plainText(text), text.replace(/\s+/g, ' ').trim()]).toContain(joined(pieces));
      for (const { text: piece, match } of pieces)
        if (match)
          expect(
            words.some((word) => new RegExp(`^${word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`, 'iu').test(piece)),
          ).toBe(true);
    }),
  );
});

test('signs of patterns are signs', () => {
  const pieces = excerptOf({ cutOut: 'a.b (c) a+b [d]', ...none }, ['a.b', '(c)', '[d]']);
  expect(pieces.filter(({ match }) => match).map(({ text }) => text)).toEqual(['a.b', '(c)', '[d]']);
});

test.each([
  ['## The **budget** of `May`', 'The budget of May'],
  ['- [x] see [the budget](https://a.example/x)', '[x] see the budget'],
  ['| Month | Budget |\n| --- | ---: |\n| May | 40 |', 'Month · Budget May · 40'],
  ['```python\nprint("budget")\n```', 'print("budget")'],
  ['a *budget* of 2 * 3 and some_name', 'a budget of 2 * 3 and some_name'],
  ['> 1. ~~old~~ __budget__ \\(a^2\\)', 'old budget a^2'],
])('%j is shown as one reads it', (cutOut, shown) => {
  const pieces = excerptOf({ cutOut, ...none }, ['budget']);
  expect(pieces.map(({ text }) => text).join('')).toBe(shown);
  const marked = pieces.filter(({ match }) => match).map(({ text }) => text.toLowerCase());
  expect(marked).toEqual(['budget']);
});

test('words in the address of a link alone are shown where they are', () => {
  const pieces = excerptOf({ cutOut: 'see [here](https://budget.example)', ...none }, ['budget']);
  expect(pieces.find(({ match }) => match)?.text).toBe('budget');
});
