/**
 * The keys that sign access tokens, and when each takes over. A key is `next` (published, doesn't sign yet), then
 * `current` (signs), then `previous` (published for as long as a token of its can live).
 */
import { ACCESS_TOKEN_SECONDS } from '@cloudfreedom/contracts';
import { z } from 'zod';

export const ROTATE_AFTER_MS = 30 * 24 * 3_600_000;
/** A key is known to every checker before it signs: the JWKS may be cached for a few minutes on its way. */
export const PUBLISHED_BEFORE_MS = 3_600_000;
/** Longer than a token lives, with room for clocks that differ and an instance that learns of a rotation late. */
export const PUBLISHED_AFTER_MS = ACCESS_TOKEN_SECONDS * 1_000 + 50 * 60_000;

const es256Key = z.object({
  kid: z.string().min(1),
  /** Private, P-256. */
  jwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.string() }),
});
export type Es256Key = z.infer<typeof es256Key>;

const signingKey = z.object({
  kid: z.string().min(1),
  /** Private, Ed25519. */
  jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
  /** For ID and logout tokens of applications that know no EdDSA. Absent in a file from before. */
  es256: es256Key.optional(),
  createdAt: z.iso.datetime(),
});
export type SigningKey = z.infer<typeof signingKey>;

export const signingKeys = z.object({
  next: signingKey,
  current: signingKey.extend({ signsSince: z.iso.datetime() }),
  previous: z.array(signingKey.extend({ signedUntil: z.iso.datetime() })),
});
export type SigningKeys = z.infer<typeof signingKeys>;

/** Public half, as `/.well-known/jwks.json` lists it. */
export const publicKey = z.discriminatedUnion('kty', [
  z.object({
    kid: z.string(),
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    alg: z.literal('EdDSA'),
    use: z.literal('sig'),
  }),
  z.object({
    kid: z.string(),
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    alg: z.literal('ES256'),
    use: z.literal('sig'),
  }),
]);
export type PublicKey = z.infer<typeof publicKey>;

/** The first keys: nobody has seen a token yet, so the current one may sign at once. */
export function firstKeys(current: SigningKey, next: SigningKey, now: Date): SigningKeys {
  return { next, current: { ...current, signsSince: now.toISOString() }, previous: [] };
}

/**
 * What the keys are at `now`. `spare` becomes the new `next` when a rotation is due.
 * @returns the same object when nothing changes
 */
export function rotate(keys: SigningKeys, now: Date, spare: SigningKey): SigningKeys {
  const age = (time: string) => now.getTime() - Date.parse(time);
  const previous = keys.previous.filter((key) => age(key.signedUntil) < PUBLISHED_AFTER_MS);
  const due = age(keys.current.signsSince) >= ROTATE_AFTER_MS && age(keys.next.createdAt) >= PUBLISHED_BEFORE_MS;
  if (!due) return previous.length === keys.previous.length ? keys : { ...keys, previous };
  const { signsSince: _, ...retired } = keys.current;
  return {
    next: spare,
    current: { ...keys.next, signsSince: now.toISOString() },
    previous: [{ ...retired, signedUntil: now.toISOString() }, ...previous],
  };
}

/** Gives the keys of a file from before what they lack. @returns the same object when they lack nothing */
export function completeKeys(keys: SigningKeys, [first, second]: [Es256Key, Es256Key]): SigningKeys {
  const { current, next } = keys;
  if (current.es256 && next.es256) return keys;
  return { ...keys, current: { es256: first, ...current }, next: { es256: second, ...next } };
}

/** Every key that a checker may meet, without its private half: those of access tokens first. */
export function publicKeys(keys: SigningKeys): PublicKey[] {
  const all = [keys.current, keys.next, ...keys.previous];
  return [
    ...all.map(({ kid, jwk: { d: _, ...jwk } }) => ({ ...jwk, kid, alg: 'EdDSA' as const, use: 'sig' as const })),
    ...all.flatMap(({ es256 }) => {
      if (!es256) return [];
      const { d: _, ...jwk } = es256.jwk;
      return [{ ...jwk, kid: es256.kid, alg: 'ES256' as const, use: 'sig' as const }];
    }),
  ];
}
