import { recordId, tenantBudgets, tenantBudgetsQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { readTenantBudgets } from '../budget/read-budget.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function readTenantBudgetsRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "A tenant's figures and everybody's, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: tenantBudgetsQuery,
    response: { 200: tenantBudgets, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/budgets', { schema }, async (request) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    return readTenantBudgets(pool, tenantId, request.query.people ?? null);
  });
}
