/**
 * No regular expression takes longer than its text is long to a low power: read from the sources, each is checked by
 * `recheck`, which looks for the text that would make it slow.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';
import { checkSync } from 'recheck';
import { expect, test } from 'vitest';

const CHECK_TIMEOUT_MS = 30_000;
const TEST_TIMEOUT_MS = 600_000;
const ROOT = path.resolve(import.meta.dirname, '../..');
/** What reads text of strangers: requests, answers of providers and models. The portal reads what its own user types. */
const SOURCES = [
  'services/*/src/**/*.ts',
  'services/pocketbase/pb_hooks/*.js',
  'packages/{contracts,service-kit,tenant-bundle,ui}/src/**/*.{ts,tsx}',
  'apps/{chat,sign-in}/src/**/*.{ts,tsx}',
];

/** Slow on long texts only, and never given one. */
const OF_SHORT_TEXTS: Record<string, string> = {
  '/\\/+$/': 'settings of the process',
  '/\\/\\/.*\\{tenant\\}/': 'settings of the process',
  '/[^/]+$/': 'settings of the process',
  '/^https?:\\/\\/[^\\s/]+[^\\s]*$/': 'settings of the process',
  '/\\s*(€|EUR)$/i': 'a cell of a CSV file of at most a megabyte, by an admin',
  '/(\\.\\d*?)0+$/': 'an amount in a CSV file, by an admin',
  '/0+$/': 'the places of an amount',
  '/\\.?0+$/': 'a rate',
  '/\\B(?=(\\d{3})+$)/g': 'an amount',
  '/^[^\\s@<>"(),:;]{1,64}@[^\\s@<>"(),:;]+\\.[^\\s@<>"(),:;]+$/': 'an address of at most 255 characters',
  '/^\\S+@\\S+$/': 'what somebody types into their own page',
  '/^0*(\\d+)(?:\\.\\d{1,9})?$/': 'what somebody types into their own page',
};
/** Of a provider's message, of which 2,000 characters are read. */
const MESSAGES = 'services/proxy/src/providers/{failure,gemini/error}.ts';

interface Literal {
  type: string;
  pattern: string;
  flags: string;
}

function literalsIn(node: unknown, found: Literal[] = []): Literal[] {
  if (Array.isArray(node)) for (const each of node) literalsIn(each, found);
  else if (node !== null && typeof node === 'object') {
    if ((node as Literal).type === 'RegExpLiteral') found.push(node as Literal);
    for (const value of Object.values(node)) literalsIn(value, found);
  }
  return found;
}

function expressionsOf(file: string): { file: string; pattern: string; flags: string }[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const syntax = file.endsWith('.js')
    ? { syntax: 'ecmascript' as const }
    : { syntax: 'typescript' as const, tsx: file.endsWith('x') };
  return literalsIn(parseSync(text, { ...syntax, target: 'es2022' })).map(({ pattern, flags }) => ({
    file,
    pattern,
    flags,
  }));
}

const expressions = SOURCES.flatMap((glob) => globSync(glob, { cwd: ROOT })).flatMap(expressionsOf);
const inMessages = new Set(globSync(MESSAGES, { cwd: ROOT }));

test('they are found, and so is a slow one', () => {
  expect(expressions.length).toBeGreaterThan(100);
  expect(inMessages.size).toBe(2);
  expect(checkSync('^(a+)+$', '').status).toBe('vulnerable');
});

test(
  'none is slow on a text made for it',
  () => {
    const found = new Map(expressions.map((each) => [`/${each.pattern}/${each.flags}`, each]));
    const slow = [...found].flatMap(([key, { file, pattern, flags }]) => {
      if (key in OF_SHORT_TEXTS || inMessages.has(file)) return [];
      const verdict = checkSync(pattern, flags, { timeout: CHECK_TIMEOUT_MS });
      if (verdict.status === 'safe') return [];
      return [`${file}: ${key} ${verdict.status === 'vulnerable' ? verdict.complexity.summary : verdict.status}`];
    });
    expect(slow).toEqual([]);
    const gone = Object.keys(OF_SHORT_TEXTS).filter((key) => !found.has(key));
    expect(gone, 'no longer there: leave them out').toEqual([]);
  },
  TEST_TIMEOUT_MS,
);
