/** Identity away, before and after its keys were learnt. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAccessTokenCheck } from '../src/access-token.ts';

const ISSUER = 'https://api.example';
const { publicKey, privateKey } = await generateKeyPair('EdDSA');
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA', use: 'sig' }] };
let server: Server;
let isAway = true;
let asked = 0;

const tokenFor = (audience: string) =>
  new SignJWT({ tenant: 't'.repeat(15), role: 'member', locale: 'en' })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'one' })
    .setSubject('s'.repeat(15))
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('10m')
    .setJti('j')
    .sign(privateKey);

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    if (isAway) response.writeHead(502).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

const check = () =>
  createAccessTokenCheck({
    issuer: ISSUER,
    audience: 'billing',
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
  });

test('keys that nobody could fetch yet: 503, not a word against the token; once they are there it is valid', async () => {
  const checkToken = check();
  const token = await tokenFor('billing');
  await expect(checkToken(token)).rejects.toMatchObject({ code: 'unavailable', kind: { status: 503 } });
  isAway = false;
  expect(await checkToken(token)).toMatchObject({ sub: 's'.repeat(15) });
  isAway = true;
  expect(await checkToken(token)).toMatchObject({ sub: 's'.repeat(15) });
  await expect(checkToken(await tokenFor('proxy'))).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(checkToken('a.b.c')).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('keys are fetched before the first token comes: identity may be away by then', async () => {
  isAway = false;
  const before = asked;
  const checkToken = check();
  await vi.waitFor(() => expect(asked).toBeGreaterThan(before));
  isAway = true;
  expect(await checkToken(await tokenFor('billing'))).toMatchObject({ role: 'member' });
});
