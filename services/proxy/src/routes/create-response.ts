import type { App } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { Parts } from '../inference/parts.ts';
import { type ResponsesRequest, responsesRequest } from '../providers/responses-request.ts';
import type { KeptResponses } from '../responses/kept-responses.ts';
import { responses } from '../surfaces/responses/index.ts';
import { addAnswerRoute } from './answer-route.ts';

/** What would be kept or run at OpenAI, where nothing of a tenant is kept. */
const NOT_OFFERED = {
  background: 'Answers are not made in the background here: leave it out, and read the answer or its stream.',
  conversation: 'Conversations are not kept here: use `previous_response_id`, or send the items in `input`.',
  prompt: 'Prompts are not kept here: send them in `instructions` and `input`.',
} as const;

export function addCreateResponse(app: App, parts: Parts, kept: KeptResponses): void {
  addAnswerRoute(app, parts, {
    path: '/v1/responses',
    summary: 'Answer by the Responses API, whole or as a stream (OpenAI)',
    body: responsesRequest,
    read: async (request, _headers, { principal }) => {
      checkOffered(request);
      return responses(request, await kept.contextOf(request, principal.subjectId));
    },
  });
}

function checkOffered(request: ResponsesRequest): void {
  for (const [param, message] of Object.entries(NOT_OFFERED)) {
    const value = request[param];
    if (value === undefined || value === null || value === false) continue;
    throw proxyError('unsupported_parameter', { param, message });
  }
}
