import { expect, test } from 'vitest';
import { requestedLanguage } from '../src/index.ts';

test.each([
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['en', 'en'],
  ['fr-FR, fr;q=0.9, EN-us;q=0.5, de;q=0.3', 'en'],
  ['en;q=0.2, de; q=0.7', 'de'],
  ['de;q=0, en;q=0.1', 'en'],
  ['fr, *;q=0.5', undefined],
  ['german', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s -> %s', (header, language) => {
  expect(requestedLanguage(header)).toBe(language);
});
