import { conversation } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function readConversationRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.get(
    '/v1/conversations/:id',
    {
      schema: {
        summary: 'An own conversation with its messages, oldest first',
        params: pathParams,
        response: { 200: conversation, ...refusals },
      },
    },
    async (request) => conversations.read(await subjectOf(request), request.params.id),
  );
}
