import { errorBody, failureBatch, failureBatchResponse } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { recordFailures } from '../failures/record-failures.ts';
import { badRequest, byService } from './security.ts';
import type { Services } from './services.ts';

export function recordFailuresRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: "Requests that got an error instead of an answer, told by the tenant's proxy",
    security: byService,
    body: failureBatch,
    response: { 200: failureBatchResponse, ...badRequest, 413: errorBody },
  };
  app.post('/v1/failures', { schema }, async (request) => {
    const tenantId = await authenticateService(pool, request.headers.authorization);
    return { accepted: await recordFailures(pool, tenantId, request.body.failures) };
  });
}
