import { priceList, priceQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller, requirePlatformAdmin } from '../access/caller.ts';
import { listPrices } from '../pricing/list-prices.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listPricesRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Price lists with their versions, for platform admins',
    security: byAdmin,
    querystring: priceQuery,
    response: { 200: priceList, ...adminErrors },
  };
  app.get('/v1/prices', { schema }, async (request) => {
    requirePlatformAdmin(await authenticateCaller(callers, request.headers.authorization));
    return listPrices(pool, request.query);
  });
}
