import { errorBody, message, messageAppendRequest } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function appendMessageRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.post(
    '/v1/conversations/:id/messages',
    {
      schema: {
        summary: 'Append a message; the same one sent again is kept once and answered with 200',
        params: pathParams,
        body: messageAppendRequest,
        response: { 200: message, 201: message, 409: errorBody, ...refusals },
      },
    },
    async (request, reply) => {
      const answer = await conversations.append(await subjectOf(request), request.params.id, request.body);
      return reply.status(answer.appended ? 201 : 200).send(answer.message);
    },
  );
}
