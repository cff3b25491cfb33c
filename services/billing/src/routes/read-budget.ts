import { budget, errorBody } from '@cloudfreedom/contracts';
import { type App, requestedLanguage } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { readBudget } from '../budget/read-budget.ts';
import { badRequest, byCaller } from './security.ts';
import type { Services } from './services.ts';

export function readBudgetRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "The caller's budget: limit, spent, held, remaining, the period and the open holds",
    security: byCaller,
    response: { 200: budget, ...badRequest, 403: errorBody },
  };
  app.get('/v1/budget', { schema }, async ({ headers }) =>
    readBudget(
      pool,
      await authenticateCaller(callers, headers.authorization),
      requestedLanguage(headers['accept-language']),
    ),
  );
}
