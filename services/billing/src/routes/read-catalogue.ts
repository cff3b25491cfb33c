import { catalogue } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { readCatalogue } from '../directory/resolve-principal.ts';
import { adminErrors, byService } from './security.ts';
import type { Services } from './services.ts';

export function readCatalogueRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: 'The tenant and the models that can be served; without prices',
    security: byService,
    response: { 200: catalogue, ...adminErrors },
  };
  app.get('/v1/catalogue', { schema }, async (request) =>
    readCatalogue(pool, await authenticateService(pool, request.headers.authorization)),
  );
}
