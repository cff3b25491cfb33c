import { Readable } from 'node:stream';
import { usageExportQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { exportUsage } from '../usage/export-usage.ts';
import { byCaller } from './security.ts';
import type { Services } from './services.ts';

export function exportUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "The caller's settled requests as CSV, newest first",
    security: byCaller,
    querystring: usageExportQuery,
  };
  app.get('/v1/usage.csv', { schema }, async (request, reply) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="usage.csv"');
    return reply.send(Readable.from(exportUsage(pool, caller, request.query)));
  });
}
