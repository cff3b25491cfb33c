import { recordId, tenantPrices } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { readTenantPrices } from '../pricing/tenant-prices.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function readTenantPricesRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'What the models cost a tenant now, in euro per million units, with and without its mark-up',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    response: { 200: tenantPrices, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/prices', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return readTenantPrices(pool, tenantId);
  });
}
