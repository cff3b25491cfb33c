import { errorBody, priceVersion, priceVersionCreateRequest } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateActor } from '../access/actor.ts';
import { requirePlatformAdmin } from '../access/caller.ts';
import { addPrice } from '../pricing/list-prices.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function addPriceRoute(app: App, services: Services): void {
  const schema = {
    summary: 'A price list of a model from a moment on; it follows the ones before and changes none',
    security: byAdmin,
    body: priceVersionCreateRequest,
    response: { 200: priceVersion, ...adminErrors, 409: errorBody },
  };
  app.post('/v1/prices', { schema }, async (request) => {
    const actor = await authenticateActor(services, request);
    requirePlatformAdmin(actor);
    return addPrice(services.pool, actor, request.body);
  });
}
