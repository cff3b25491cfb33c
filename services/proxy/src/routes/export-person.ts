import { proxyExport } from '@cloudfreedom/contracts';
import { type App, commonError, streamJson } from '@cloudfreedom/service-kit';
import { type ContentParts, eachExportedContent } from '../content-log/read-content.ts';
import { authenticate } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import { eachExportedResponse, type Kept, listExportedAccounts, listExportedKeys } from '../responses/export-person.ts';
import { authorizationOf } from './authorization.ts';

export function addExportPerson(
  app: App,
  parts: Parts,
  kept: Kept & { contents: Pick<ContentParts, 'store' | 'seal'> },
): void {
  const schema = {
    summary:
      "What the proxy keeps of the caller: responses, logged requests, used Idempotency-Keys; by a person's access token",
    description: `A JSON object, streamed: ${Object.keys(proxyExport.shape).join(', ')}.`,
  };
  app.get('/v1/export', { schema }, async (request, reply) => {
    const { credential, principal } = await authenticate(parts, { authorization: authorizationOf(request.headers) });
    // A key is handed to programs; what others of its owner's programs asked is not theirs.
    if (credential.type !== 'subject') throw commonError('forbidden');
    const { subjectId } = principal;
    reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-store');
    return reply.send(
      streamJson({
        subjectId,
        at: new Date().toISOString(),
        responses: eachExportedResponse(kept, subjectId),
        idempotencyKeys: await listExportedKeys(kept, subjectId),
        openWebUiAccounts: await listExportedAccounts(kept, subjectId),
        contents: eachExportedContent(kept.contents, subjectId),
      }),
    );
  });
}
