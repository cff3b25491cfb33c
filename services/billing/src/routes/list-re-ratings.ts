import { recordId, reRatings } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { listReRatings } from '../re-rating/re-rate.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listReRatingsRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "A tenant's re-ratings, newest first, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    response: { 200: reRatings, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/re-ratings', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return { items: await listReRatings(pool, tenantId) };
  });
}
