import { errorBody, priceVersion, priceVersionCreateRequest } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller, requirePlatformAdmin } from '../access/caller.ts';
import { addPrice } from '../pricing/list-prices.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function addPriceRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'A price list of a model from a moment on; it follows the ones before and changes none',
    security: byAdmin,
    body: priceVersionCreateRequest,
    response: { 200: priceVersion, ...adminErrors, 409: errorBody },
  };
  app.post('/v1/prices', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    requirePlatformAdmin(caller);
    return addPrice(pool, caller.subjectId, request.body);
  });
}
