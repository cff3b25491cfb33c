import { conversationSummary } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Deletions } from '../deletions/deletions.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function restoreConversationRoute(app: App, deletions: Deletions, subjectOf: SubjectOf): void {
  app.post(
    '/v1/conversations/:id/restore',
    {
      schema: {
        summary: 'Bring back an own conversation that was deleted less than a minute ago',
        params: pathParams,
        response: { 200: conversationSummary, ...refusals },
      },
    },
    async (request) => deletions.restore(await subjectOf(request), request.params.id),
  );
}
