import type { IncomingHttpHeaders } from 'node:http';

/** The credential as an Authorization header: Anthropic's clients send a key as `x-api-key`. */
export function authorizationOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  return headers.authorization ?? (typeof key === 'string' && key ? `Bearer ${key}` : undefined);
}
