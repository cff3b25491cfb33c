import { adjustment, adjustmentCreateRequest, errorBody, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateActor } from '../access/actor.ts';
import { adjust } from '../budget/adjust.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function createAdjustmentRoute(app: App, services: Services): void {
  const schema = {
    summary: "Top up or correct this month's budget of a person (a tenant's admin: top-ups only) or of a tenant",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    body: adjustmentCreateRequest,
    response: { 200: adjustment, ...adminErrors, 409: errorBody },
  };
  app.post('/v1/tenants/:tenantId/adjustments', { schema }, async (request) =>
    adjust(services.pool, await authenticateActor(services, request), request.params.tenantId, request.body),
  );
}
