import { recordId, usageActivity, usageActivityQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { readUsageActivity } from '../usage/read-activity.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function readTenantActivityRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Active people and the time to the first token by day, for admins of the tenant and of the platform',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: usageActivityQuery,
    response: { 200: usageActivity, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/usage/activity', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    const { from = null, to = null } = request.query;
    return readUsageActivity(pool, { tenantId, from, to });
  });
}
