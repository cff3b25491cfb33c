import { recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requirePlatformAdmin } from '../access/caller.ts';
import { revokeServiceToken } from '../access/service-token.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function revokeServiceTokenRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Revoke a service token: it is refused from the next request on',
    security: byAdmin,
    params: z.object({ tenantId: recordId, tokenId: z.uuid() }),
    response: { 204: z.null(), ...adminErrors },
  };
  app.delete('/v1/tenants/:tenantId/service-tokens/:tokenId', { schema }, async (request, reply) => {
    requirePlatformAdmin(await authenticateCaller(callers, request.headers.authorization));
    const { tenantId, tokenId } = request.params;
    await revokeServiceToken(pool, tenantId, tokenId);
    return reply.status(204).send(null);
  });
}
