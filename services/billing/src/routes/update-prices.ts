import { priceCatalogueRequest, priceCatalogueUpdate } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateActor } from '../access/actor.ts';
import { requirePlatformAdmin } from '../access/caller.ts';
import { updateByAdmin } from '../pricing/update-by-admin.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function updatePricesRoute(app: App, services: Services): void {
  const schema = {
    summary: 'What the prices of a newer catalogue would change, shown first, then put into effect at once',
    security: byAdmin,
    body: priceCatalogueRequest,
    response: { 200: priceCatalogueUpdate, ...adminErrors },
  };
  app.post('/v1/price-catalogues', { schema }, async (request) => {
    const actor = await authenticateActor(services, request);
    requirePlatformAdmin(actor);
    return updateByAdmin(services.pool, actor, request.body);
  });
}
