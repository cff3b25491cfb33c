import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSecret, isWellFormedSecret, sha256Hex, visiblePrefix } from '../src/api-key.ts';

describe('API keys and service tokens', () => {
  test('a new one is well formed under its own prefix only, and never the same twice', () => {
    const made = new Set<string>();
    for (let index = 0; index < 500; index++) {
      const key = createSecret('cf-');
      expect(key).toMatch(/^cf-[0-9A-Za-z]{46}$/);
      expect(isWellFormedSecret(key, 'cf-')).toBe(true);
      expect(isWellFormedSecret(key, 'cfs-')).toBe(false);
      made.add(key);
    }
    expect(made.size).toBe(500);
  });

  test('any single changed, lost or doubled character is noticed', () => {
    const key = createSecret('cf-');
    fc.assert(
      fc.property(fc.integer({ min: 3, max: key.length - 1 }), fc.constantFrom(...'09AZaz'), (at, other) => {
        fc.pre(key[at] !== other);
        expect(isWellFormedSecret(key.slice(0, at) + other + key.slice(at + 1), 'cf-')).toBe(false);
        expect(isWellFormedSecret(key.slice(0, at) + key.slice(at + 1), 'cf-')).toBe(false);
        expect(isWellFormedSecret(key.slice(0, at) + other + key.slice(at), 'cf-')).toBe(false);
      }),
    );
  });

  test('what may be shown gives nothing of the rest away', () => {
    const key = createSecret('cf-');
    expect(visiblePrefix(key)).toHaveLength(8);
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
