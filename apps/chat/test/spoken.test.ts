import { expect, it } from 'vitest';
import { spoken } from '../src/thread/spoken.ts';

it.each([
  ['## A **bold** title', 'A bold title'],
  ['- one\n- two', 'one\ntwo'],
  ['```ts\nconst a = 1;\n```', 'const a = 1;'],
  ['See [the page](https://a.example/?x=1 "t") and `code`.', 'See the page and code.'],
  ['> quoted', 'quoted'],
  ['2 * 3 = 6 and a_b_c', '2 * 3 = 6 and a_b_c'],
])('%j is said as %j', (text, said) => expect(spoken(text)).toBe(said));
