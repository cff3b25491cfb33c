import { budgetRequestList, errorBody } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { listOwnRequests } from '../budget/request-more.ts';
import { badRequest, byCaller } from './security.ts';
import type { Services } from './services.ts';

export function listBudgetRequestsRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "The caller's requests for more, newest first",
    security: byCaller,
    response: { 200: budgetRequestList, ...badRequest, 403: errorBody },
  };
  app.get('/v1/budget/requests', { schema }, async (request) => ({
    items: await listOwnRequests(pool, await authenticateCaller(callers, request.headers.authorization)),
  }));
}
