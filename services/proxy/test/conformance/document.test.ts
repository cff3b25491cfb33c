import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RECORDED_HEADING } from './conformance-table.ts';
import { CONFORMANCE_FILE, currentConformance } from './document.ts';

test('docs/conformance.md is up to date (npm run conformance writes it)', () => {
  const { text, complete } = currentConformance();
  const written = readFileSync(CONFORMANCE_FILE, 'utf8');
  const before = (document: string) => document.slice(0, document.indexOf(RECORDED_HEADING));
  if (complete) expect(written).toBe(text);
  else expect(before(written)).toBe(before(text));
});
