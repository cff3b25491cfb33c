import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withMathMarkers } from '../src/markdown/math-markers.ts';

it.each([
  ['so \\(a+b\\) is', 'so $$a+b$$ is'],
  ['\\[\na+b\n\\]', '$$\na+b\n$$'],
  ['Then\n\\[ a \\]\nnext', 'Then\n$$\na\n$$\nnext'],
  ['in a line \\[a\\] too', 'in a line $$a$$ too'],
  ['with $x^2$ here', 'with $$x^2$$ here'],
  ['$E = mc^2$', '$$E = mc^2$$'],
  ['$$\na\n$$', '$$\na\n$$'],
])('%j means %j', (text, read) => expect(withMathMarkers(text)).toBe(read));

it.each([
  'It costs $5 and $10.',
  '$5-$10',
  '$100M of US$5M',
  'only $ here',
  'escaped \\$x\\$ stays',
  '`$x$` and ``\\(a\\)``',
  '```sh\necho $HOME $PATH\n\\(x\\)\n```',
  '\\(never closed',
  'two\\\\(lines)',
])('%j is left alone', (text) => expect(withMathMarkers(text)).toBe(text));

it('writes no letter anew and ends for any text', () => {
  const piece = fc.constantFrom('a', '$', '$$', '\\(', '\\)', '\\[', '\\]', '`', '```\n', '\n', ' ', '\\', '5');
  const letters = (of: string) => of.replace(/[^a5`]/g, '');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      expect(letters(withMathMarkers(text))).toBe(letters(text));
    }),
  );
});
