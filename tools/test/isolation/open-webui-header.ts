/** What Open WebUI says of a person beside its service key, as Open WebUI signs it. */
import { createHmac } from 'node:crypto';

const LIFETIME_SECONDS = 60;

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

export function openWebUiHeaders(accountId: string, serviceKey: string, secret: string): Record<string, string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: 'open-webui', sub: accountId, iat, exp: iat + LIFETIME_SECONDS };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  const signature = createHmac('sha256', secret).update(signed).digest('base64url');
  return { 'x-cloudfreedom-service-key': serviceKey, 'x-openwebui-user-jwt': `${signed}.${signature}` };
}
