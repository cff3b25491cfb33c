import { failureFilter, failureGroups, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { groupFailures } from '../failures/list-failures.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function groupFailuresRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Failed requests and answers that broke off, by reason, model and deployment, the last seen first',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: failureFilter,
    response: { 200: failureGroups, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/failures/groups', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return { items: await groupFailures(pool, tenantId, request.query) };
  });
}
