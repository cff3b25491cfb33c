/** Offline check of identity's access tokens. */
import { type AccessTokenClaims, accessTokenClaims } from '@cloudfreedom/contracts';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { commonError } from './errors.ts';

/** What a token says; `issuedAt` to the second. */
export type AccessTokenCheck = (token: string) => Promise<AccessTokenClaims & { issuedAt: Date }>;

/**
 * A check for tokens of one audience. Keys are fetched when an unknown one turns up and kept, so identity may be
 * down for as long as its keys stay the same.
 * @throws ApiError `unauthenticated` from the check when signature, issuer, audience, time or claims are not right
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
      throw commonError('unauthenticated', {
        message: 'The access token is not valid here, or has expired.',
        cause: error,
      });
    }
  };
}

/** The token of an `authorization: Bearer …` header, or undefined. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(header ?? '')?.[1];
}
