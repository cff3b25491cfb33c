import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSseReader } from '../src/answers/sse.ts';

function read(pieces: string[]): string[] {
  const reader = createSseReader();
  return pieces.flatMap((piece) => reader.push(piece));
}

it('reads data, joins its lines, passes over comments and other fields', () => {
  const text = ': hello\n\nevent: x\ndata: one\n\nid: 1\ndata:two\ndata: three\r\n\r\ndata\n\ndata: [DONE]\n\n';
  expect(read([text])).toEqual(['one', 'two\nthree', '', '[DONE]']);
});

it('keeps an event that is not whole', () => {
  expect(read(['data: a\n'])).toEqual([]);
  expect(read(['data: a'])).toEqual([]);
});

it('cuts anywhere change nothing', () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', ':', '"', '{', 'ü', '😀') });
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const event = fc.tuple(fc.array(line, { minLength: 1, maxLength: 3 }), end);
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 12 }), (events, cuts) => {
      // A CR before an LF is one end of line, so an event that follows begins with neither.
      const text = events
        .map(([lines, eol]) => `${lines.map((value) => `data: ${value}${eol}`).join('')}${eol}`)
        .join('');
      const whole = `${text}data: end\n\n`;
      const places = [...new Set(cuts.filter((cut) => cut < whole.length))].sort((a, b) => a - b);
      const pieces = [0, ...places].map((from, index) => whole.slice(from, places[index] ?? whole.length));
      expect(read(pieces)).toEqual([...events.map(([lines]) => lines.join('\n')), 'end']);
    }),
  );
});
