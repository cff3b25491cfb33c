import { recordId, usageTotals, usageTotalsQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { totalUsage } from '../usage/total-usage.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function totalTenantUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "Sums of a tenant's usage by day, person, key, model or cost centre, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: usageTotalsQuery,
    response: { 200: usageTotals, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/usage/totals', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    const scope = { tenantId, subjectId: null, apiKeyId: null };
    return { items: await totalUsage(pool, scope, request.query) };
  });
}
