import { conversationList, conversationListQuery } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { refusals, type SubjectOf } from './subject.ts';

export function listConversationsRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.get(
    '/v1/conversations',
    {
      schema: {
        summary: 'Own conversations, the one that was written to last first',
        querystring: conversationListQuery,
        response: { 200: conversationList, ...refusals },
      },
    },
    async (request) => conversations.list(await subjectOf(request), request.query),
  );
}
