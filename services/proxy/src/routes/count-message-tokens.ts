import { type App, requestedLanguage } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { countTokens } from '../inference/count-tokens.ts';
import type { Parts } from '../inference/parts.ts';
import { messagesCount } from '../surfaces/messages/index.ts';
import { countTokensRequest } from '../surfaces/messages/request.ts';
import { admitBeforeBody, hangUpSignal } from './answer-route.ts';
import { LIST_ITEMS_MAX, requireBoundedLists } from './bounded-body.ts';

const tokenCount = z.object({
  input_tokens: z.number().int().nonnegative(),
  cloudfreedom: z
    .object({ estimated: z.literal(true) })
    .optional()
    .meta({ description: 'the provider does not count: four bytes of text are taken for a token' }),
});

export function addCountMessageTokens(app: App, parts: Parts): void {
  const admission = admitBeforeBody(parts);
  app.post(
    '/v1/messages/count_tokens',
    {
      schema: {
        summary: 'Count the input of messages, free of charge (Anthropic)',
        body: countTokensRequest,
        response: { 200: tokenCount },
      },
      onRequest: admission.onRequest,
      preValidation: async (request) => requireBoundedLists(request.body, LIST_ITEMS_MAX),
    },
    async (request, reply) => {
      const caller = admission.callerOf(request);
      const { inputTokens, exact } = await countTokens(parts, {
        requestId: request.id,
        caller,
        language: requestedLanguage(request.headers['accept-language']) ?? caller.principal.locale,
        request: messagesCount(request.body, request.headers),
        clientGone: hangUpSignal(reply.raw),
      });
      return { input_tokens: inputTokens, ...(exact ? {} : { cloudfreedom: { estimated: true as const } }) };
    },
  );
}
