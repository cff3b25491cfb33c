/** Helmet's headers, worked out once for all answers instead of for each. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of this route's answers, instead of those of all; null: the route sets its own. */
    securityHeaders?: SecurityHeaders | null;
  }
}

export type SecurityHeaders = readonly (readonly [name: string, value: string])[];

export function securityHeaders(options: Pick<HelmetOptions, 'contentSecurityPolicy'>): SecurityHeaders {
  const headers: [string, string][] = [];
  const setHeader = (name: string, value: string) => void headers.push([name, value]);
  const answer = { setHeader, removeHeader: () => {} } as unknown as ServerResponse;
  helmet(options)({} as IncomingMessage, answer, (error?: unknown) => {
    if (error) throw error;
  });
  return headers;
}
