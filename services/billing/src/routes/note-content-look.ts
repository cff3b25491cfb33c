import { contentLook, contentLookNoted, errorBody } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { noteLook } from '../contents/note-look.ts';
import { badRequest, byService } from './security.ts';
import type { Services } from './services.ts';

export function noteContentLookRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: "A tenant's proxy is about to show an admin what somebody asked: written in the audit log first",
    security: byService,
    body: contentLook,
    response: { 200: contentLookNoted, ...badRequest, 403: errorBody },
  };
  app.post('/v1/content-looks', { schema }, async (request) => {
    const tenantId = await authenticateService(pool, request.headers.authorization);
    return noteLook(pool, tenantId, request.body);
  });
}
