/** Step 1. Who asks: an API key (by its hash) or an access token of identity for this tenant's proxy. */
import type { Credential, Principal } from '@cloudfreedom/contracts';
import { bearerToken, isWellFormedSecret, sha256Hex } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { Parts } from './parts.ts';
import { refusalError } from './refusal.ts';

export interface Caller {
  credential: Credential;
  /** For rate limits and model lists; may be half a minute old. */
  principal: Principal;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** @throws ApiError `invalid_api_key`, `unauthenticated`, `subject_suspended`, `billing_unavailable` */
export async function authenticate(
  parts: Pick<Parts, 'principals' | 'checkAccessToken'>,
  authorization: string | undefined,
): Promise<Caller> {
  const credential = await credentialOf(parts, authorization);
  const answer = await parts.principals.find(credential);
  if (answer.status === 'refused') throw refusalError(answer, { model: '', language: 'en' });
  return { credential, principal: answer.principal };
}

async function credentialOf(
  parts: Pick<Parts, 'checkAccessToken'>,
  authorization: string | undefined,
): Promise<Credential> {
  if (!authorization) throw proxyError('missing_api_key');
  const token = bearerToken(authorization);
  if (token === undefined)
    throw proxyError('invalid_api_key', { message: 'The Authorization header must read: Bearer cf-…' });
  if (JWT.test(token)) {
    const claims = await parts.checkAccessToken(token);
    return { type: 'subject', subjectId: claims.sub, issuedAt: claims.issuedAt.toISOString() };
  }
  if (!token.startsWith('cf-'))
    throw proxyError('invalid_api_key', {
      message: 'Incorrect API key provided: keys of this service begin with "cf-".',
    });
  if (!isWellFormedSecret(token, 'cf-'))
    throw proxyError('invalid_api_key', {
      message: 'Incorrect API key provided: it is mistyped or cut off (its checksum does not fit). Copy it once more.',
    });
  return { type: 'api_key', sha256: sha256Hex(token) };
}
