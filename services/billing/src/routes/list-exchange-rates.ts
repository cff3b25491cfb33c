import { exchangeRates } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateCaller, requirePlatformAdmin } from '../access/caller.ts';
import { listExchangeRates } from '../pricing/exchange-rates.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function listExchangeRatesRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: 'Exchange rates, newest first, and whether the one in effect is stale; for platform admins',
    security: byAdmin,
    response: { 200: exchangeRates, ...adminErrors },
  };
  app.get('/v1/exchange-rates', { schema }, async (request) => {
    requirePlatformAdmin(await authenticateCaller(callers, request.headers.authorization));
    return listExchangeRates(pool);
  });
}
