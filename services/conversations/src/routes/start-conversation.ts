import { conversationCreateRequest, conversationSummary } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { refusals, type SubjectOf } from './subject.ts';

export function startConversationRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.post(
    '/v1/conversations',
    {
      schema: {
        summary: 'Start a conversation',
        body: conversationCreateRequest,
        response: { 201: conversationSummary, ...refusals },
      },
    },
    async (request, reply) => {
      const { title, assistantId } = request.body;
      const started = await conversations.start(await subjectOf(request), title, assistantId);
      return reply.status(201).send(started);
    },
  );
}
