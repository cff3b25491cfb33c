import { errorBody, oidcClientSecret, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Clients } from '../oidc/clients.ts';
import { sessionOf } from './session-of.ts';

export function rotateClientSecretRoute(app: App, clients: Clients): void {
  app.post(
    '/v1/tenants/:tenantId/clients/:clientId/secret',
    {
      schema: {
        summary: 'Another secret for an application; the old one ends at once',
        params: z.object({ tenantId: recordId, clientId: z.string() }),
        response: { 200: oidcClientSecret, 401: errorBody, 403: errorBody, 404: errorBody, 503: errorBody },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { tenantId, clientId } = request.params;
      return { secret: await clients.rotateSecret(sessionOf(request), tenantId, clientId) };
    },
  );
}
