import { errorBody, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Clients } from '../oidc/clients.ts';
import { sessionOf } from './session-of.ts';

export function deleteClientRoute(app: App, clients: Clients): void {
  app.delete(
    '/v1/tenants/:tenantId/clients/:clientId',
    {
      schema: {
        summary: 'End an application, and the sessions that people have at it',
        params: z.object({ tenantId: recordId, clientId: z.string() }),
        response: { 204: z.null(), 401: errorBody, 403: errorBody, 404: errorBody, 503: errorBody },
      },
    },
    async (request, reply) => {
      await clients.delete(sessionOf(request), request.params.tenantId, request.params.clientId);
      return reply.status(204).send(null);
    },
  );
}
