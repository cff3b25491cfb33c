import { failurePage, failureQuery, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { listFailures } from '../failures/list-failures.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listFailuresRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Requests that got an error instead of an answer, newest first, with the figures of what was in the way',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: failureQuery,
    response: { 200: failurePage, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/failures', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return listFailures(pool, tenantId, request.query);
  });
}
