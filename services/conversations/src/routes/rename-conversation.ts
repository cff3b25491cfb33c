import { conversationCreateRequest, conversationSummary } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function renameConversationRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.patch(
    '/v1/conversations/:id',
    {
      schema: {
        summary: 'Give an own conversation another title',
        params: pathParams,
        body: conversationCreateRequest,
        response: { 200: conversationSummary, ...refusals },
      },
    },
    async (request) => conversations.rename(await subjectOf(request), request.params.id, request.body.title),
  );
}
