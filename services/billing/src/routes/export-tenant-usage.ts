import { Readable } from 'node:stream';
import { recordId, usageExportQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller, requireTenantAdmin } from '../access/caller.ts';
import { exportUsage } from '../usage/export-usage.ts';
import { byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function exportTenantUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "A tenant's settled requests as CSV, newest first, for its admins and the platform's",
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    querystring: usageExportQuery,
  };
  app.get('/v1/tenants/:tenantId/usage.csv', { schema }, async (request, reply) => {
    const { tenantId } = request.params;
    requireTenantAdmin(await authenticateCaller(callers, request.headers.authorization), tenantId);
    const scope = { tenantId, subjectId: null, apiKeyId: null };
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="usage.csv"');
    return reply.send(Readable.from(exportUsage(pool, scope, request.query)));
  });
}
