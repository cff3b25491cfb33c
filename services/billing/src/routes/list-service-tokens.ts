import { recordId, serviceTokenList } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requirePlatformAdmin } from '../access/caller.ts';
import { listServiceTokens } from '../access/service-token.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listServiceTokensRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "A tenant's service tokens by name and age, the revoked ones too; a platform admin's to see",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    response: { 200: serviceTokenList, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/service-tokens', { schema }, async (request) => {
    requirePlatformAdmin(await authenticateCaller(callers, request.headers.authorization));
    return listServiceTokens(pool, request.params.tenantId);
  });
}
