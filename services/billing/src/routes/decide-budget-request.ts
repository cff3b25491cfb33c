import { budgetRequest, budgetRequestDecision, errorBody, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateActor } from '../access/actor.ts';
import { decideOnRequest } from '../budget/request-more.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function decideBudgetRequestRoute(app: App, services: Services): void {
  const schema = {
    summary: 'Approve (a top-up of this month) or decline; the person and the other admins are told by mail',
    security: byAdmin,
    params: z.object({ tenantId: recordId, requestId: z.uuid() }),
    body: budgetRequestDecision,
    response: { 200: budgetRequest, ...adminErrors, 409: errorBody },
  };
  app.post('/v1/tenants/:tenantId/budget-requests/:requestId/decision', { schema }, async (request) =>
    decideOnRequest(services.pool, await authenticateActor(services, request), request.params, request.body),
  );
}
