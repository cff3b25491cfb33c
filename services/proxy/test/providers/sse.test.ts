import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseDecoder } from '../../src/providers/sse.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function decode(text: string) {
  const decoder = createSseDecoder();
  return [...decoder.push(bytesOf(text)), ...decoder.end()];
}

describe('server-sent events', () => {
  it.each([
    ['data: a\n\n', [{ event: 'message', data: 'a' }]],
    [
      'data:a\r\n\r\ndata: b\r\r',
      [
        { event: 'message', data: 'a' },
        { event: 'message', data: 'b' },
      ],
    ],
    ['event: x\ndata: 1\ndata: 2\n\n', [{ event: 'x', data: '1\n2' }]],
    ['\uFEFFdata: a\n\n', [{ event: 'message', data: 'a' }]],
    [': comment\nid: 7\nretry: 3\nother: x\n\ndata:  b\n\n', [{ event: 'message', data: ' b' }]],
    ['data\n\n', [{ event: 'message', data: '' }]],
    ['data: no end', [{ event: 'message', data: 'no end' }]],
    ['event: nothing\n\n', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(decode(text)).toEqual(expected);
  });

  it('gives the same events wherever the bytes are cut', () => {
    const line = fc.constantFrom('data: ä€😀', 'data:x', 'event: e', ': c', '', 'data: \\r', 'id: 1');
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 12 })
      .map((lines) => lines.map(([content, end]) => content + end).join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 200 }), { maxLength: 8 }), (whole, offsets) => {
        const bytes = bytesOf(whole);
        const decoder = createSseDecoder();
        const cuts = [0, ...offsets.filter((offset) => offset < bytes.length).toSorted((a, b) => a - b), bytes.length];
        const events = cuts.slice(1).flatMap((end, index) => decoder.push(bytes.subarray(cuts[index], end)));
        expect([...events, ...decoder.end()]).toEqual(decode(whole));
      }),
    );
  });

  it('takes CR LF for one line end where it is cut in two', () => {
    const decoder = createSseDecoder();
    const bytes = bytesOf('event: x\r\ndata: 1\r\ndata: 2\r\n\r\n');
    const events = Array.from(bytes, (byte) => decoder.push(Uint8Array.of(byte))).flat();
    expect(events).toEqual([{ event: 'x', data: '1\n2' }]);
  });

  it('stops at an event beyond the limit, in one line or in many', () => {
    for (const piece of ['x'.repeat(40), 'data: 1234567890\n']) {
      const decoder = createSseDecoder(100);
      const events = Array.from({ length: 50 }, () => decoder.push(bytesOf(piece))).flat();
      expect(events).toEqual([]);
      expect(decoder.overflowed).toBe(true);
      expect(decoder.push(bytesOf('\n\ndata: later\n\n'))).toEqual([]);
      expect(decoder.end()).toEqual([]);
    }
  });

  it('reads a long line that comes byte by byte in linear time', () => {
    const decoder = createSseDecoder();
    const startedMs = performance.now();
    const byte = bytesOf('x');
    decoder.push(bytesOf('data: '));
    for (let count = 0; count < 300_000; count += 1) decoder.push(byte);
    const [event] = decoder.push(bytesOf('\n\n'));
    expect(event?.data).toHaveLength(300_000);
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });
});
