import { recordId, usageDetail } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { readUsageDetail } from '../usage/read-usage.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function readTenantUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'One settled request of a tenant: its way, its timings and how its charge came about',
    security: byAdmin,
    params: z.object({ tenantId: recordId, reservationId: z.uuid() }),
    response: { 200: usageDetail, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/usage/:reservationId', { schema }, async (request) => {
    const { tenantId, reservationId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return readUsageDetail(pool, tenantId, reservationId.toLowerCase());
  });
}
