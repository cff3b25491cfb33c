import { budgetRequest, budgetRequestCreate, errorBody } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateActor } from '../access/actor.ts';
import { askForMore } from '../budget/request-more.ts';
import { badRequest, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function createBudgetRequestRoute(app: App, services: Services): void {
  const schema = {
    summary: 'Ask for more; the admins of the tenant are told by mail',
    security: byAdmin,
    body: budgetRequestCreate,
    response: { 200: budgetRequest, ...badRequest, 403: errorBody, 409: errorBody },
  };
  app.post('/v1/budget/requests', { schema }, async (request) =>
    askForMore(services.pool, await authenticateActor(services, request), request.body),
  );
}
