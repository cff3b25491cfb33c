import { errorBody, ledgerBatchRequest, ledgerBatchResponse } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { createTokenReader } from '../access/service-token.ts';
import { badRequest, byService } from './security.ts';
import type { Services } from './services.ts';

export function performLedgerBatchRoute(app: App, { pool, ledger }: Services): void {
  const schema = {
    summary: "Reserve, extend, renew, settle and void, decided in order in one transaction of the token's tenant",
    security: byService,
    body: ledgerBatchRequest,
    response: { 200: ledgerBatchResponse, ...badRequest, 413: errorBody, 503: errorBody },
  };
  const readToken = createTokenReader(pool);
  app.post('/v1/ledger/batch', { schema }, async (request) => {
    const { tenantId, tokenSha256 } = await readToken(request.headers.authorization);
    return { results: await ledger.perform(tenantId, request.body.operations, tokenSha256) };
  });
}
