import { errorBody, recordId, reRating, reRatingRequest } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateActor } from '../access/actor.ts';
import { requirePlatformAdmin } from '../access/caller.ts';
import { reRate } from '../re-rating/re-rate.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function reRateRoute(app: App, services: Services): void {
  const schema = {
    summary: 'What a range of usage costs at the prices of now, shown first, then charged by opposite entries',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    body: reRatingRequest,
    response: { 200: reRating, ...adminErrors, 409: errorBody },
  };
  app.post('/v1/tenants/:tenantId/re-ratings', { schema }, async (request) => {
    const actor = await authenticateActor(services, request);
    requirePlatformAdmin(actor);
    return reRate(services, { tenantId: request.params.tenantId, actor, request: request.body });
  });
}
