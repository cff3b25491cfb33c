/** What Open WebUI says of itself and of the person whose request it passes on. Nothing of it counts unsigned. */
import type { IncomingHttpHeaders } from 'node:http';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { proxyError } from '../errors.ts';

/** As Open WebUI makes it by itself; a header that wants to live longer is refused all the same. */
const AGE_SECONDS_MAX = 300;
const CLOCK_TOLERANCE_SECONDS = 5;
const PLAIN_HEADERS = ['id', 'email', 'name', 'role'].map((name) => `x-openwebui-user-${name}`);

export interface OpenWebUiHeaders {
  /** The tenant's service key for Open WebUI, beside a person's access token. */
  serviceKey: string | undefined;
  /** The signed header. */
  userToken: string | undefined;
  /** It could not sign, and sent names and addresses instead. */
  plain: boolean;
}

export function openWebUiHeaders(headers: IncomingHttpHeaders): OpenWebUiHeaders {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    serviceKey: one('x-cloudfreedom-service-key'),
    userToken: one('x-openwebui-user-jwt'),
    plain: PLAIN_HEADERS.some((name) => headers[name] !== undefined),
  };
}

/** Ids there are UUIDs; the rest of the claims (name, e-mail, role) is not read. */
const claims = z.object({ sub: z.string().regex(/^[\w-]{1,100}$/), iat: z.number() });

/**
 * @returns the id of the account at Open WebUI
 * @throws ApiError `invalid_open_webui_user` for a header that is missing, plain, foreign or too old
 */
export async function readAccountId({ userToken, plain }: OpenWebUiHeaders, secret: Uint8Array): Promise<string> {
  if (userToken === undefined) throw proxyError('invalid_open_webui_user', { message: plain ? UNSIGNED : MISSING });
  try {
    const { payload } = await jwtVerify(userToken, secret, {
      algorithms: ['HS256'],
      issuer: 'open-webui',
      requiredClaims: ['sub', 'iat', 'exp'],
      maxTokenAge: AGE_SECONDS_MAX,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return claims.parse(payload).sub;
  } catch (error) {
    // The error itself has the claims on it: name and e-mail address.
    throw proxyError('invalid_open_webui_user', {
      cause: new Error(error instanceof Error ? error.message : 'refused'),
    });
  }
}

const MISSING =
  'The service key says nothing of who asks: X-OpenWebUI-User-Jwt is missing. Set ENABLE_FORWARD_USER_INFO_HEADERS and FORWARD_USER_INFO_HEADER_JWT_SECRET at Open WebUI.';
const UNSIGNED =
  'X-OpenWebUI-User-* headers are not signed, so nobody is charged by them. Set FORWARD_USER_INFO_HEADER_JWT_SECRET at Open WebUI.';
