import { errorBody, usagePage, usageQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { listUsage } from '../usage/list-usage.ts';
import { badRequest, byCaller } from './security.ts';
import type { Services } from './services.ts';

export function listUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "The caller's settled requests, newest first; with an API key those of this key",
    security: byCaller,
    querystring: usageQuery,
    response: { 200: usagePage, ...badRequest, 403: errorBody },
  };
  app.get('/v1/usage', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    return listUsage(pool, caller, request.query);
  });
}
