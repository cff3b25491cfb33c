/** Values that trip careless code, and ways to put them where they hurt. */
import fc from 'fast-check';

/** No text here looks like what an answer must not hold (see the laws): services may repeat what they were sent. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  0,
  -0,
  -1,
  1.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  [],
  {},
  [[]],
  [null],
  'NaN',
  '1e400',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\uffff\ufffe',
  '\u202e\u200b\u2066',
  '𝒳'.repeat(200),
  'x'.repeat(10_000),
  '9'.repeat(400),
  '-'.repeat(60),
  "' OR '1'='1",
  "'); --",
  '#{7*7}{{7*7}}',
  '%00%0a%ff',
  '../../../etc/shadow',
  '\r\nx-injected: yes',
  '<script>alert(1)</script>',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  '0000-01-01T00:00:00Z',
  '2026-02-30',
  '00000000-0000-0000-0000-000000000000',
  'http://169.254.169.254/latest/',
  'http://[::1]:1/',
  '=1+1',
  { toString: 1 },
  { length: -1 },
  JSON.parse('{"__proto__":{"polluted":true},"then":1}'),
  { constructor: { prototype: { polluted: true } } },
];

export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE), weight: 6 },
  { arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 1 },
);

/** For headers and addresses. */
export const hostileText: fc.Arbitrary<string> = hostile.map((value) =>
  typeof value === 'string' ? value : JSON.stringify(value),
);

/** What happens to one place of a value: it goes, it comes twice, or it becomes something else. */
interface Fault {
  /** Which place, counted through all of them. */
  place: number;
  /** undefined: taken away. */
  value: unknown;
}

const fault: fc.Arbitrary<Fault> = fc.record({
  place: fc.nat({ max: 1_000 }),
  value: fc.oneof({ arbitrary: hostile, weight: 5 }, { arbitrary: fc.constant(undefined), weight: 1 }),
});

type Holder = Record<string, unknown>;

function placesOf(value: unknown): { holder: Holder; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [{ holder: value as Holder, key }, ...placesOf((value as Holder)[key])]);
}

function withFault(value: unknown, { place, value: wrong }: Fault): unknown {
  const copy = structuredClone(value);
  const places = placesOf(copy);
  // The whole is a place too.
  const found = places[place % (places.length + 1)];
  if (!found) return wrong;
  if (wrong === undefined) delete found.holder[found.key];
  else found.holder[found.key] = wrong;
  return copy;
}

/** The same with up to three faults in it. */
export function faulty(fitting: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(fitting, fc.array(fault, { minLength: 1, maxLength: 3 }))
    .map(([value, faults]) => faults.reduce(withFault, value));
}
