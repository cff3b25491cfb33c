/** Signs access tokens as identity does and publishes the key, so that a service can be tested without identity. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACCESS_TOKEN_SECONDS, type AccessTokenClaims } from '@cloudfreedom/contracts';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface TestIdentity {
  issuer: string;
  jwksUrl: string;
  /** A valid access token; `expiresInSeconds` below 0 makes an expired one. */
  sign(claims: AccessTokenClaims, audience: string | string[], expiresInSeconds?: number): Promise<string>;
  close(): Promise<void>;
}

export async function createTestIdentity(): Promise<TestIdentity> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test-key', alg: 'EdDSA', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    sign: (claims, audience, expiresInSeconds = ACCESS_TOKEN_SECONDS) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test-key', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + expiresInSeconds)
        .sign(privateKey);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
