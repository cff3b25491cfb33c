import { tenantTotals, usageActivityQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { totalTenants } from '../usage/total-tenants.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function totalTenantsRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "Each tenant's sums of usage, for platform admins",
    security: byAdmin,
    querystring: usageActivityQuery,
    response: { 200: tenantTotals, ...adminErrors },
  };
  app.get('/v1/tenant-totals', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    return { items: await totalTenants(pool, caller, request.query) };
  });
}
