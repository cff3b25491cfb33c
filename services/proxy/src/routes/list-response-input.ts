import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticate } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import type { KeptResponses } from '../responses/kept-responses.ts';
import { listInput } from '../responses/list-input.ts';
import { authorizationOf } from './authorization.ts';
import { responseId } from './read-response.ts';

const query = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
});

export function addListResponseInput(app: App, parts: Parts, kept: KeptResponses): void {
  app.get(
    '/v1/responses/:id/input_items',
    {
      schema: {
        summary: "The input items of one of the caller's kept responses (OpenAI)",
        params: responseId,
        querystring: query,
      },
    },
    async (request) => {
      const { principal } = await authenticate(parts, { authorization: authorizationOf(request.headers) });
      const { id } = request.params;
      const { input } = await kept.find(principal.subjectId, id);
      return listInput(id, input, request.query);
    },
  );
}
