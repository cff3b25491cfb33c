import { errorBody, oidcClientCreateRequest, oidcClientWithSecret, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Clients } from '../oidc/clients.ts';
import { sessionOf } from './session-of.ts';

export function createClientRoute(app: App, clients: Clients): void {
  app.post(
    '/v1/tenants/:tenantId/clients',
    {
      schema: {
        summary: 'Make an application that the tenant’s people sign in to; its secret is shown this once',
        params: z.object({ tenantId: recordId }),
        body: oidcClientCreateRequest,
        response: { 200: oidcClientWithSecret, 400: errorBody, 401: errorBody, 403: errorBody, 503: errorBody },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return clients.create(sessionOf(request), request.params.tenantId, request.body);
    },
  );
}
