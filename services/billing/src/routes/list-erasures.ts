import { erasurePage, erasurePageQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { listErasures } from '../erasures/erasures.ts';
import { badRequest, byService } from './security.ts';
import type { Services } from './services.ts';

export function listErasuresRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: "Subject ids of the tenant's erased people: whatever a service of the tenant keeps under them has to go",
    security: byService,
    querystring: erasurePageQuery,
    response: { 200: erasurePage, ...badRequest },
  };
  app.get('/v1/erasures', { schema }, async (request) => {
    const tenantId = await authenticateService(pool, request.headers.authorization);
    return listErasures(pool, tenantId, request.query.after);
  });
}
