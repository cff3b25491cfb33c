import { errorBody, modelCharges } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller } from '../access/caller.ts';
import { readModelCharges } from '../pricing/model-charges.ts';
import { badRequest, byCaller } from './security.ts';
import type { Services } from './services.ts';

export function readModelChargesRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "What the models of the caller's tenant cost a budget now, per million tokens",
    security: byCaller,
    response: { 200: modelCharges, ...badRequest, 403: errorBody },
  };
  app.get('/v1/model-charges', { schema }, async (request) => {
    const { tenantId } = await authenticateCaller(callers, request.headers.authorization);
    return readModelCharges(pool, tenantId);
  });
}
