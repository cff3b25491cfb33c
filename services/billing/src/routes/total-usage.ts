import { errorBody, usageTotals, usageTotalsQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { totalUsage } from '../usage/total-usage.ts';
import { badRequest, byCaller } from './security.ts';
import type { Services } from './services.ts';

export function totalUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "Sums of the caller's usage by day, model, key or cost centre",
    security: byCaller,
    querystring: usageTotalsQuery,
    response: { 200: usageTotals, ...badRequest, 403: errorBody },
  };
  app.get('/v1/usage/totals', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    return { items: await totalUsage(pool, caller, request.query) };
  });
}
