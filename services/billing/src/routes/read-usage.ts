import { errorBody, usageDetail } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { readOwnUsageDetail } from '../usage/read-usage.ts';
import { badRequest, byCaller } from './security.ts';
import type { Services } from './services.ts';

export function readUsageRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "One of the caller's settled requests and how its charge came about; with an API key one of this key",
    security: byCaller,
    params: z.object({ reservationId: z.uuid() }),
    response: { 200: usageDetail, ...badRequest, 403: errorBody, 404: errorBody },
  };
  app.get('/v1/usage/:reservationId', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    return readOwnUsageDetail(pool, caller, request.params.reservationId.toLowerCase());
  });
}
