/**
 * Step 1. Who asks: an API key (by its hash), an access token of identity for this tenant's proxy, or an account at the
 * tenant's Open WebUI.
 */
import type { Credential, Principal } from '@cloudfreedom/contracts';
import { bearerToken, isWellFormedSecret, sha256Hex, type Trace } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { OpenWebUiHeaders } from '../open-webui/signed-header.ts';
import type { Parts } from './parts.ts';
import { refusalError } from './refusal.ts';
import type { StepTime } from './step-times.ts';

export interface Caller {
  credential: Credential;
  /** For rate limits and model lists; may be half a minute old. */
  principal: Principal;
  /** What letting it in took; absent where nobody measures. */
  admission?: StepTime[];
}

type Checks = Pick<Parts, 'principals' | 'checkAccessToken' | 'openWebUi'>;

export interface Presented {
  authorization: string | undefined;
  /** Absent: not on this route. */
  openWebUi?: OpenWebUiHeaders;
  /** Absent: none. */
  trace?: Trace | null;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * @throws ApiError `invalid_api_key`, `unauthenticated`, `subject_suspended`, `billing_unavailable`; for Open WebUI also
 * `invalid_open_webui_user`, `unknown_open_webui_user`, `foreign_open_webui_user`, `unavailable`
 */
export async function authenticate(parts: Checks, presented: Presented): Promise<Caller> {
  const credential = await credentialOf(parts, presented);
  const answer = await parts.principals.find(credential, presented.trace);
  if (answer.status === 'refused') throw refusalError(answer, { model: '', language: 'en' });
  return { credential, principal: answer.principal };
}

async function credentialOf(parts: Checks, { authorization, openWebUi }: Presented): Promise<Credential> {
  if (!openWebUi) return bearerOf(parts, authorization);
  const bearer = bearerToken(authorization);
  const alone = bearer === undefined ? !authorization : parts.openWebUi.knows(bearer);
  const serviceKey = openWebUi.serviceKey ?? (alone ? bearer : undefined);
  if (serviceKey === undefined) return bearerOf(parts, authorization);
  const accountId = await parts.openWebUi.accountOf(serviceKey, openWebUi);
  if (alone) {
    const { subjectId, tokenIssuedAt } = await parts.openWebUi.ownerOf(accountId);
    return { type: 'subject', subjectId, issuedAt: tokenIssuedAt.toISOString() };
  }
  const credential = await bearerOf(parts, authorization);
  if (credential.type !== 'subject' || credential.issuedAt === undefined)
    throw proxyError('invalid_api_key', {
      message: "Beside X-CloudFreedom-Service-Key only a person's own access token counts.",
    });
  const { subjectId, issuedAt } = credential;
  await parts.openWebUi.learn(accountId, { subjectId, tokenIssuedAt: new Date(issuedAt) });
  return credential;
}

async function bearerOf(
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
