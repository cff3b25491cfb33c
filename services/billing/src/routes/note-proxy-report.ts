import { proxyReport, proxyReportReceipt } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { noteReport } from '../proxies/note-report.ts';
import { badRequest, byService } from './security.ts';
import type { Services } from './services.ts';

export function noteProxyReportRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: "A tenant's proxy says how it is, every few seconds",
    security: byService,
    body: proxyReport,
    response: { 200: proxyReportReceipt, ...badRequest },
  };
  app.post('/v1/proxy-reports', { schema }, async (request) => {
    const tenantId = await authenticateService(pool, request.headers.authorization);
    return noteReport(pool, tenantId, request.body);
  });
}
