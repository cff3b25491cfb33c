import { adjustmentList, adjustmentQuery, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { listAdjustments } from '../budget/adjust.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listAdjustmentsRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Top-ups, corrections and what was carried over, newest first, with reason and author',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: adjustmentQuery,
    response: { 200: adjustmentList, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/adjustments', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    return { items: await listAdjustments(pool, caller, request.params.tenantId, request.query.ownerId ?? null) };
  });
}
