import { errorBody, oidcClientList, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Clients } from '../oidc/clients.ts';
import { sessionOf } from './session-of.ts';

export function listClientsRoute(app: App, clients: Clients): void {
  app.get(
    '/v1/tenants/:tenantId/clients',
    {
      schema: {
        summary: 'The applications that the tenant’s people sign in to',
        params: z.object({ tenantId: recordId }),
        response: { 200: oidcClientList, 401: errorBody, 403: errorBody, 503: errorBody },
      },
    },
    async (request) => ({ clients: await clients.list(sessionOf(request), request.params.tenantId) }),
  );
}
