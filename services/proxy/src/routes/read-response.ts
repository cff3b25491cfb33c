import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { proxyError } from '../errors.ts';
import { authenticate } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import type { KeptResponses } from '../responses/kept-responses.ts';
import { authorizationOf } from './authorization.ts';

export const responseId = z.object({ id: z.string().min(1).max(200) });

export function addReadResponse(app: App, parts: Parts, kept: KeptResponses): void {
  app.get(
    '/v1/responses/:id',
    {
      schema: {
        summary: "One of the caller's kept responses (OpenAI)",
        params: responseId,
        querystring: z.looseObject({ stream: z.string().optional() }),
      },
    },
    async (request) => {
      const { principal } = await authenticate(parts, { authorization: authorizationOf(request.headers) });
      if (request.query.stream === 'true')
        throw proxyError('unsupported_parameter', { param: 'stream', message: 'A kept response is read whole.' });
      return (await kept.find(principal.subjectId, request.params.id)).response;
    },
  );
}
