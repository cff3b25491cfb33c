import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RawJson, streamJson } from '../src/json-stream.ts';

async function* each(items: unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

test('what is written while it is read is the same as what is written at once', async () => {
  const value = fc.jsonValue();
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), value), fc.array(value), async (fields, items) => {
      const written = streamJson({ ...fields, items: each(items), kept: [], last: { raw: new RawJson('[1]') } });
      const all = JSON.parse(JSON.stringify({ ...fields, items, kept: [], last: { raw: [1] } }));
      expect(JSON.parse(await text(written))).toEqual(all);
    }),
  );
});

test('an error while reading leaves no whole document', async () => {
  async function* failing(): AsyncGenerator<unknown> {
    yield 1;
    throw new Error('the database is gone');
  }
  const stream = streamJson({ items: failing() });
  let written = '';
  await expect(
    (async () => {
      for await (const piece of stream) written += piece;
    })(),
  ).rejects.toThrow('the database is gone');
  expect(() => JSON.parse(written)).toThrow();
});
