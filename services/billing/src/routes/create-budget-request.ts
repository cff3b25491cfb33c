import { budgetRequest, budgetRequestCreate, errorBody } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { askForMore } from '../budget/request-more.ts';
import { badRequest, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function createBudgetRequestRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Ask for more; the admins of the tenant are told by mail',
    security: byAdmin,
    body: budgetRequestCreate,
    response: { 200: budgetRequest, ...badRequest, 403: errorBody, 409: errorBody },
  };
  app.post('/v1/budget/requests', { schema }, async (request) =>
    askForMore(pool, await authenticateCaller(callers, request.headers.authorization), request.body),
  );
}
