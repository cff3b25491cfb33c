import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerptOf, wordsOf } from '../src/search/excerpt.ts';

const none = { germanHeadline: null, englishHeadline: null };
const joined = (pieces: { text: string }[]) => pieces.map(({ text }) => text).join('');

test('an excerpt is the text itself, whatever was typed; what is marked is one of the words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, typed) => {
      const words = wordsOf(typed);
      fc.pre(words.length > 0);
      const pieces = excerptOf({ cutOut: text, ...none }, words);
      expect(joined(pieces)).toBe(text.replace(/\s+/g, ' ').trim());
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
