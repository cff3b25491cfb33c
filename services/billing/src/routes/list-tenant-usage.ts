import { loggedUsagePage, recordId, usageQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { listUsage } from '../usage/list-usage.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listTenantUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "A tenant's settled requests, newest first, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: usageQuery,
    response: { 200: loggedUsagePage, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/usage', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return listUsage(pool, { tenantId, subjectId: null, apiKeyId: null }, request.query);
  });
}
