/** A person's session goes in, a short access token comes out. */
import { randomUUID } from 'node:crypto';
import { ACCESS_TOKEN_SECONDS } from '@cloudfreedom/contracts';
import { SignJWT } from 'jose';
import { NO_ACCESS } from '../pocketbase/no-access.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import type { Keyring } from '../signing-keys/keyring.ts';
import { mayReach } from './audience.ts';

export interface TokenExchange {
  pocketbase: PocketBaseClient;
  keyring: Keyring;
  issuer: string;
}

export type ExchangeAnswer =
  | { status: 'issued'; accessToken: string }
  | { status: 'refused'; error: 'invalid_grant' | 'invalid_target'; description: string };

/**
 * @param audiences whom the token is for; one token may name several
 * @throws ApiError `unavailable` when PocketBase can't be asked
 */
export async function exchangeToken(
  exchange: TokenExchange,
  session: string,
  audiences: string[],
): Promise<ExchangeAnswer> {
  const answer = await exchange.pocketbase.personOf(session);
  if (answer.status === 'unknown')
    return { status: 'refused', error: 'invalid_grant', description: 'The session is not valid, or has ended.' };
  if (answer.status === 'superuser')
    return { status: 'refused', error: 'invalid_grant', description: 'A superuser of PocketBase is no person here.' };
  if (answer.status !== 'known')
    return { status: 'refused', error: 'invalid_grant', description: NO_ACCESS[answer.status].message };
  const { id, tenantId, role, locale } = answer.person;
  const foreign = audiences.find((audience) => !mayReach(audience, tenantId));
  if (foreign !== undefined)
    return { status: 'refused', error: 'invalid_target', description: `${foreign} is not of this person's tenant.` };
  const { kid, privateKey } = await exchange.keyring.current();
  const [only = '', ...others] = [...new Set(audiences)];
  const accessToken = await new SignJWT({ tenant: tenantId, role, locale })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
    .setIssuer(exchange.issuer)
    .setSubject(id)
    .setAudience(others.length === 0 ? only : [only, ...others])
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
    .setJti(randomUUID())
    .sign(privateKey);
  return { status: 'issued', accessToken };
}
