import { recordId, serviceTokenCreateRequest, serviceTokenCreateResponse } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateActor } from '../access/actor.ts';
import { requirePlatformAdmin } from '../access/caller.ts';
import { createServiceToken } from '../access/service-token.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function createServiceTokenRoute(app: App, services: Services): void {
  const schema = {
    summary: "A further service token for a tenant's proxy, shown this once; a platform admin's to make",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    body: serviceTokenCreateRequest,
    response: { 200: serviceTokenCreateResponse, ...adminErrors },
  };
  app.post('/v1/tenants/:tenantId/service-tokens', { schema }, async (request) => {
    const actor = await authenticateActor(services, request);
    requirePlatformAdmin(actor);
    return createServiceToken(services.pool, actor, request.params.tenantId, request.body.name);
  });
}
