/** Offline check of identity's access tokens. */
import { type AccessTokenClaims, accessTokenClaims } from '@cloudfreedom/contracts';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { ZodError } from 'zod';
import { commonError } from './errors.ts';

/** What a token says; `issuedAt` to the second. */
export type AccessTokenCheck = (token: string) => Promise<AccessTokenClaims & { issuedAt: Date }>;

const FETCH_AGAIN_MS = 5_000;

/**
 * A check for tokens of one audience. Keys are fetched at once, and again when an unknown one turns up, and kept, so
 * identity may be down for as long as its keys stay the same.
 * @throws ApiError from the check: `unauthenticated` when signature, issuer, audience, time or claims are not right;
 * `unavailable` when the keys can't be had, which says nothing about the token
 */
export function createAccessTokenCheck(options: {
  issuer: string;
  jwksUrl: string;
  audience: string;
}): AccessTokenCheck {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: 2_000,
    cooldownDuration: 5_000,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  const fetchKeys = (): void => void keys.reload().catch(() => setTimeout(fetchKeys, FETCH_AGAIN_MS).unref());
  fetchKeys();
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: options.issuer,
        audience: options.audience,
        algorithms: ['EdDSA'],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp', 'iat', 'jti'],
        clockTolerance: 5,
      });
      return { ...accessTokenClaims.parse(payload), issuedAt: new Date((payload.iat ?? 0) * 1000) };
    } catch (error) {
      if (isOfTheKeys(error)) throw commonError('unavailable', { cause: error });
      throw commonError('unauthenticated', {
        message: 'The access token is not valid here, or has expired.',
        cause: error,
      });
    }
  };
}

/** What is wrong with a token has an error of its own; the rest went wrong on the way to identity. */
function isOfTheKeys(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  if (error instanceof errors.JOSEError) return error.code === errors.JOSEError.code;
  return !(error instanceof ZodError);
}

/** The token of an `authorization: Bearer …` header, or undefined. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(header ?? '')?.[1];
}
