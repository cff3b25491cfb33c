import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Deletions } from '../deletions/deletions.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function deleteConversationRoute(app: App, deletions: Deletions, subjectOf: SubjectOf): void {
  app.delete(
    '/v1/conversations/:id',
    {
      schema: {
        summary: 'Delete an own conversation with its messages; for a minute it can be brought back',
        params: pathParams,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await deletions.delete(await subjectOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
