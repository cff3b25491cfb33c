import { principalResolveRequest, principalResolveResponse } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { resolvePrincipal } from '../directory/resolve-principal.ts';
import { badRequest, byService } from './security.ts';
import type { Services } from './services.ts';

export function resolvePrincipalRoute(app: App, { pool }: Services): void {
  const schema = {
    summary: 'What a credential may do, for rate limits and lists of models; never for money',
    security: byService,
    body: principalResolveRequest,
    response: { 200: principalResolveResponse, ...badRequest },
  };
  app.post('/v1/principals/resolve', { schema }, async (request) => {
    const tenantId = await authenticateService(pool, request.headers.authorization);
    const answer = await resolvePrincipal(pool, tenantId, request.body.credential);
    if ('principal' in answer) return { status: 'known' as const, principal: answer.principal };
    const { refused: code, bearer } = answer;
    return { status: 'refused' as const, code, retryAfterMs: null, budget: null, ...(bearer && { bearer }) };
  });
}
