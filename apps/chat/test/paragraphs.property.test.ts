import fc from 'fast-check';
import { expect, it } from 'vitest';
import { finishedParagraphs } from '../src/thread/paragraphs.ts';

it('says a paragraph when the next one begins, the last one at the end', () => {
  expect(finishedParagraphs('One.\nStill one.\n\nTw', false)).toEqual(['One.\nStill one.']);
  expect(finishedParagraphs('One.\n\nTwo.', true)).toEqual(['One.', 'Two.']);
  expect(finishedParagraphs('', true)).toEqual([]);
});

it('does not cut a code block at its blank lines', () => {
  const code = '```ts\na\n\nb\n```';
  expect(finishedParagraphs(`${code}\n\nAfter`, true)).toEqual([code, 'After']);
});

it('what was said stays the same while the text grows', () => {
  const text = fc
    .array(fc.constantFrom('word', '\n', '\n\n', '```', ' ', '~~~'), { maxLength: 40 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, fc.nat(200), (whole, cut) => {
      const early = finishedParagraphs(whole.slice(0, cut), false);
      expect(finishedParagraphs(whole, true).slice(0, early.length)).toEqual(early);
    }),
  );
});
