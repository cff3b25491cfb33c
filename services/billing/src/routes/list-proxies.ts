import { knownProxies, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { listProxies } from '../proxies/list-proxies.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listProxiesRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "How a tenant's proxies said they are, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    response: { 200: knownProxies, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/proxies', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return { items: await listProxies(pool, tenantId) };
  });
}
