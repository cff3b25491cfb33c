import { recordId, usageRowFilter, usageSum } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { sumUsage } from '../usage/sum-usage.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function sumTenantUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "Number and sums of a tenant's settled requests that a filter leaves, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: usageRowFilter,
    response: { 200: usageSum, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/usage/sum', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return sumUsage(pool, { tenantId, subjectId: null, apiKeyId: null }, request.query);
  });
}
