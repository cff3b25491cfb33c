import { conversationChangeRequest, conversationSummary } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function changeConversationRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.patch(
    '/v1/conversations/:id',
    {
      schema: {
        summary: 'Give an own conversation another title, pin it, put it in a folder',
        params: pathParams,
        body: conversationChangeRequest,
        response: { 200: conversationSummary, ...refusals },
      },
    },
    async (request) => conversations.change(await subjectOf(request), request.params.id, request.body),
  );
}
