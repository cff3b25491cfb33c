/** Sharing a conversation, revoking that, and reading what somebody of the tenant shares. */
import { conversationSummary, sharedConversation, shareId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Shares } from '../shares/shares.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function shareRoutes(app: App, shares: Shares, subjectOf: SubjectOf): void {
  const ofOwn = { params: pathParams, response: { 200: conversationSummary, ...refusals } };
  app.put(
    '/v1/conversations/:id/share',
    { schema: { summary: 'Share an own conversation with its tenant as it is now; its link stays', ...ofOwn } },
    async (request) => shares.share(await subjectOf(request), request.params.id),
  );
  app.delete(
    '/v1/conversations/:id/share',
    { schema: { summary: 'Revoke the link of an own conversation', ...ofOwn } },
    async (request) => shares.revoke(await subjectOf(request), request.params.id),
  );
  app.get(
    '/v1/shares/:id',
    {
      schema: {
        summary: 'What somebody of this tenant shares by a link',
        params: z.object({ id: shareId }),
        response: { 200: sharedConversation, ...refusals },
      },
    },
    async (request) => shares.read(await subjectOf(request), request.params.id),
  );
}
