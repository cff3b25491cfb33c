/** Each sentence that a schema brings of its own has its German; found in the sources, so that a new one is missed. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GERMAN_FAULTS } from '../src/german-faults.ts';

const SOURCES = new URL('../src/', import.meta.url).pathname;
const QUOTED = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g;

/** The last text of a line that checks something is what it says. */
function ownWords(source: string): string[] {
  const checks = source.split('\n').filter((line) => /\.(regex|refine)\(.* ["'].* /.test(line));
  return checks.flatMap((line) => {
    const last = [...line.replace(/\.meta\(.*/, '').matchAll(QUOTED)].at(-1);
    return last ? [last[1] ?? last[2] ?? ''] : [];
  });
}

test('every own sentence of a schema is there in German, and none that nobody says', () => {
  const said = new Set<string>();
  for (const file of globSync('*.ts', { cwd: SOURCES, exclude: ['german-faults.ts'] }))
    for (const words of ownWords(readFileSync(SOURCES + file, 'utf8'))) said.add(words);
  expect([...said].sort()).toEqual(Object.keys(GERMAN_FAULTS).sort());
});
