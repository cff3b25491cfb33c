import { bearerToken, commonError } from '@cloudfreedom/service-kit';
import { SEND_SESSION } from '../pocketbase/no-access.ts';

/** The PocketBase session that a request carries. @throws ApiError `unauthenticated` */
export function sessionOf(request: { headers: { authorization?: string | undefined } }): string {
  const session = bearerToken(request.headers.authorization);
  if (session === undefined) throw commonError('unauthenticated', SEND_SESSION);
  return session;
}
