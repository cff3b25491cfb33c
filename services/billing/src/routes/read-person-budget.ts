import { budget, recordId } from '@cloudfreedom/contracts';
import { type App, requestedLanguage } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { readPersonBudget } from '../budget/read-budget.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function readPersonBudgetRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "A person's budget with their open holds, for admins of their tenant and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId, userId: recordId }),
    response: { 200: budget, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/users/:userId/budget', { schema }, async ({ headers, params }) =>
    readPersonBudget(
      pool,
      await authenticateCaller(callers, headers.authorization),
      { tenantId: params.tenantId, subjectId: params.userId },
      requestedLanguage(headers['accept-language']),
    ),
  );
}
