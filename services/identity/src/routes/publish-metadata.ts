import { TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';

const metadata = z.object({
  issuer: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  grant_types_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
});

export function publishMetadataRoute(app: App, issuer: string): void {
  const base = issuer.replace(/\/+$/, '');
  app.get(
    '/.well-known/oauth-authorization-server',
    { schema: { summary: 'Where everything is (RFC 8414)', response: { 200: metadata } } },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=3600');
      return {
        issuer,
        token_endpoint: `${base}/oauth/token`,
        jwks_uri: `${base}/.well-known/jwks.json`,
        grant_types_supported: [TOKEN_EXCHANGE_GRANT],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ['none'],
      };
    },
  );
}
