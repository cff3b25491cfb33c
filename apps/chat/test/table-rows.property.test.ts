import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitTable } from '../src/markdown/table-rows.ts';

const HEAD = '| a | b |\n| --- | ---: |';
const rows = (count: number) => Array.from({ length: count }, (_, n) => `| ${n} | x |`).join('\n');

it('a short table is one part, a long one several with the same head', () => {
  expect(splitTable(HEAD)).toEqual([HEAD]);
  expect(splitTable(`${HEAD}\n${rows(3)}\n\n`)).toEqual([`${HEAD}\n${rows(3)}`]);
  expect(splitTable(`${HEAD}\n${rows(50)}`)).toHaveLength(3);
});

it.each([
  'A text | with a bar\n| --- |',
  '| a | b |\n| --- |',
  '| a |\n| --- |\n# heading',
  '| a |\n| --- |\n| x |\nlazy',
  '| a \\|\n| --- |',
  '| a |\n',
])('%j is left as it is', (text) => expect(splitTable(text)).toBeNull());

it('the rows of the parts are those of the table, and a longer table keeps all parts but the last', () => {
  fc.assert(
    fc.property(fc.nat(90), fc.nat(90), (count, fewer) => {
      const parts = splitTable(`${HEAD}\n${rows(count)}`) ?? [];
      expect(parts.flatMap((part) => part.split('\n').slice(2)).join('\n')).toBe(rows(count));
      const early = (splitTable(`${HEAD}\n${rows(Math.min(count, fewer))}`) ?? []).slice(0, -1);
      expect(parts.slice(0, early.length)).toEqual(early);
    }),
  );
});
