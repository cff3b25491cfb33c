import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticate } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import type { KeptResponses } from '../responses/kept-responses.ts';
import { authorizationOf } from './authorization.ts';
import { responseId } from './read-response.ts';

const deleted = z.object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) });

export function addDeleteResponse(app: App, parts: Parts, kept: KeptResponses): void {
  app.delete(
    '/v1/responses/:id',
    {
      schema: {
        summary: "Delete one of the caller's kept responses (OpenAI)",
        params: responseId,
        response: { 200: deleted },
      },
    },
    async (request) => {
      const { principal } = await authenticate(parts, { authorization: authorizationOf(request.headers) });
      const { id } = request.params;
      await kept.delete(principal.subjectId, id);
      return { id, object: 'response' as const, deleted: true as const };
    },
  );
}
