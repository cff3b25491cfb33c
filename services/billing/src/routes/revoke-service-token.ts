import { recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateActor } from '../access/actor.ts';
import { requirePlatformAdmin } from '../access/caller.ts';
import { revokeServiceToken } from '../access/service-token.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function revokeServiceTokenRoute(app: App, services: Services): void {
  const schema = {
    summary: 'Revoke a service token: it is refused from the next request on',
    security: byAdmin,
    params: z.object({ tenantId: recordId, tokenId: z.uuid() }),
    response: { 204: z.null(), ...adminErrors },
  };
  app.delete('/v1/tenants/:tenantId/service-tokens/:tokenId', { schema }, async (request, reply) => {
    const actor = await authenticateActor(services, request);
    requirePlatformAdmin(actor);
    const { tenantId, tokenId } = request.params;
    await revokeServiceToken(services.pool, actor, tenantId, tokenId);
    return reply.status(204).send(null);
  });
}
