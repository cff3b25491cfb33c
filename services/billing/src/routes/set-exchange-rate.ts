import { exchangeRateCreateRequest, exchangeRates } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateActor } from '../access/actor.ts';
import { requirePlatformAdmin } from '../access/caller.ts';
import { setExchangeRate } from '../pricing/exchange-rates.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function setExchangeRateRoute(app: App, services: Services): void {
  const schema = {
    summary: 'An exchange rate by hand, now or from a moment on; reservations made before keep theirs',
    security: byAdmin,
    body: exchangeRateCreateRequest,
    response: { 200: exchangeRates, ...adminErrors },
  };
  app.post('/v1/exchange-rates', { schema }, async (request) => {
    const actor = await authenticateActor(services, request);
    requirePlatformAdmin(actor);
    return setExchangeRate(services.pool, actor, request.body);
  });
}
