import { erasureList } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { uniteErasures } from '../erasures/erasures.ts';
import { badRequest } from './security.ts';
import type { Services } from './services.ts';

/** In the scope of what PocketBase signs: it asks at its start, before it serves anybody. */
export function uniteErasuresRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: "PocketBase's list of erasures in, the list that both know out",
    security: [{ webhookSignature: [] }],
    body: erasureList,
    response: { 200: erasureList, ...badRequest },
  };
  app.post('/internal/erasures', { schema }, async (request) => ({
    erasures: await uniteErasures(pool, request.body.erasures),
  }));
}
