import { ACCESS_TOKEN_SECONDS } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  completeKeys,
  type Es256Key,
  firstKeys,
  PUBLISHED_AFTER_MS,
  PUBLISHED_BEFORE_MS,
  publicKeys,
  ROTATE_AFTER_MS,
  rotate,
  type SigningKey,
} from '../src/signing-keys/signing-key.ts';

const START = Date.parse('2025-01-01T00:00:00Z');
const at = (ms: number) => new Date(START + ms);
const key = (name: string, ms = 0): SigningKey => ({
  kid: name,
  jwk: { kty: 'OKP', crv: 'Ed25519', x: `public-${name}`, d: `private-${name}` },
  es256: { kid: `${name}-es256`, jwk: { kty: 'EC', crv: 'P-256', x: 'public', y: 'public', d: `private-${name}` } },
  createdAt: at(ms).toISOString(),
});
const kids = (keys: ReturnType<typeof rotate>) => ({
  next: keys.next.kid,
  current: keys.current.kid,
  previous: keys.previous.map((one) => one.kid),
});

test('nothing changes before the time, and the object is the same', () => {
  const keys = firstKeys(key('a'), key('b'), at(0));
  expect(rotate(keys, at(ROTATE_AFTER_MS - 1), key('c'))).toBe(keys);
  expect(rotate(keys, at(-1_000_000), key('c'))).toBe(keys);
});

test('after 30 days next signs, current stays published, a new next appears', () => {
  const keys = rotate(firstKeys(key('a'), key('b'), at(0)), at(ROTATE_AFTER_MS), key('c', ROTATE_AFTER_MS));
  expect(kids(keys)).toEqual({ next: 'c', current: 'b', previous: ['a'] });
  const late = rotate(keys, at(ROTATE_AFTER_MS + PUBLISHED_AFTER_MS), key('d'));
  expect(kids(late)).toEqual({ next: 'c', current: 'b', previous: [] });
});

test('a key that was not published long enough does not sign yet', () => {
  const keys = firstKeys(key('a'), key('b', ROTATE_AFTER_MS), at(0));
  expect(rotate(keys, at(ROTATE_AFTER_MS + PUBLISHED_BEFORE_MS - 1), key('c'))).toBe(keys);
  expect(kids(rotate(keys, at(ROTATE_AFTER_MS + PUBLISHED_BEFORE_MS), key('c'))).current).toBe('b');
});

test('private halves are never published', () => {
  expect(JSON.stringify(publicKeys(firstKeys(key('a'), key('b'), at(0))))).not.toContain('private-');
});

test('keys of a file from before get what they lack once, and keep the rest', () => {
  const { es256: _, ...old } = key('a');
  const spares = [key('x').es256, key('y').es256] as [Es256Key, Es256Key];
  const completed = completeKeys(firstKeys(old, key('b'), at(0)), spares);
  expect([completed.current.kid, completed.current.es256?.kid, completed.next.es256?.kid]).toEqual([
    'a',
    'x-es256',
    'b-es256',
  ]);
  expect(completeKeys(completed, spares)).toBe(completed);
});

test('at any pace of checks: each key is published before it signs and until its last token has ended', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 * 24 * 3_600_000 }), { minLength: 1, maxLength: 60 }),
      (steps) => {
        let now = 0;
        let keys = firstKeys(key('k0'), key('k1'), at(0));
        const publishedSince = new Map<string, number>([
          ['k0', Number.NEGATIVE_INFINITY],
          ['k1', 0],
        ]);
        const signedLast = new Map<string, number>();
        for (const [index, step] of steps.entries()) {
          // Tokens may be signed up to the moment before the next check.
          signedLast.set(keys.current.kid, now + step);
          now += step;
          const before = keys;
          keys = rotate(keys, at(now), key(`k${index + 2}`, now));
          const published = new Set(publicKeys(keys).map((one) => one.kid));
          for (const kid of published) if (!publishedSince.has(kid)) publishedSince.set(kid, now);
          if (keys.current.kid !== before.current.kid)
            expect(now - (publishedSince.get(keys.current.kid) ?? now)).toBeGreaterThanOrEqual(PUBLISHED_BEFORE_MS);
          for (const [kid, time] of signedLast)
            if (now - time < ACCESS_TOKEN_SECONDS * 1_000) expect(published).toContain(kid);
          expect(published.size).toBe(2 * (2 + keys.previous.length));
        }
      },
    ),
  );
});
