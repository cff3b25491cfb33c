import { losses, lossesQuery, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { listLosses } from '../losses/list-losses.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listLossesRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "What attempts of unknown outcome probably cost a tenant, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: lossesQuery,
    response: { 200: losses, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/losses', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return listLosses(pool, tenantId, request.query);
  });
}
