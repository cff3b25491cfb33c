import { budgetRequestList, budgetRequestQuery, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { listTenantRequests } from '../budget/request-more.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listTenantBudgetRequestsRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "Requests for more of a tenant's people, newest first",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: budgetRequestQuery,
    response: { 200: budgetRequestList, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/budget-requests', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    const { tenantId } = request.params;
    const { state = null, subjectId = null } = request.query;
    return { items: await listTenantRequests(pool, caller, tenantId, { state, subjectId }) };
  });
}
