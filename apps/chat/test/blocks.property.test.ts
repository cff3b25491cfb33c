import fc from 'fast-check';
import { expect, it } from 'vitest';
import { definitionsOf, splitBlocks } from '../src/markdown/blocks.ts';

it.each([
  ['One.\n\nTwo.', ['One.\n\n', 'Two.']],
  ['```ts\na\n\nb\n```\n\nAfter', ['```ts\na\n\nb\n```\n\n', 'After']],
  ['- a\n\n- b\n\n  more\n\nAfter', ['- a\n\n- b\n\n  more\n\n', 'After']],
  ['$$\nx\n\ny\n$$\n\nAfter', ['$$\nx\n\ny\n$$\n\n', 'After']],
  ['````\n```\n\n```\n````\n\nAfter', ['````\n```\n\n```\n````\n\n', 'After']],
  ['A[^1]\n\nB\n\n[^1]: note', ['A[^1]\n\nB\n\n[^1]: note']],
])('%j is read in the parts %j', (text, parts) => expect(splitBlocks(text)).toEqual(parts));

it('names of addresses are found wherever they stand', () => {
  expect(definitionsOf(splitBlocks('See [a][1].\n\n[1]: https://a.example\n[two]: https://b.example "B"\n'))).toBe(
    '[1]: https://a.example\n[two]: https://b.example "B"',
  );
});

it('the parts are the text, and a longer text keeps all but the last', () => {
  const piece = fc.constantFrom(
    'word',
    '\n',
    '\n\n',
    '```',
    '- a',
    '1. b',
    '  in',
    '$$',
    '~~~',
    '> q',
    '# h',
    '[a]: b',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(160), (pieces, cut) => {
      const text = pieces.join('');
      const parts = splitBlocks(text);
      expect(parts.join('')).toBe(text);
      // A cut inside of a line may look like something else until the line is whole.
      const early = splitBlocks(text.slice(0, text.lastIndexOf('\n', cut) + 1)).slice(0, -1);
      expect(parts.slice(0, early.length)).toEqual(early);
    }),
  );
});
