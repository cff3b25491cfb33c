/** OpenAI's Responses API: natively to OpenAI, by way of a chat to everybody else. */
import type { ResponsesRequest } from '../../providers/responses-request.ts';
import type { ClientRequest } from '../surface.ts';
import type { ResponsesContext } from './context.ts';
import { extrasOf } from './extras.ts';
import { measureResponses } from './measure.ts';
import { nativeResponses } from './native.ts';
import { translatedResponses } from './translated.ts';

/** The least budget for thinking that a provider takes (1,024), and room for an answer. */
const THINKING_TOKENS_MIN = 1_281;

/** A budget that affords no thinking refuses the request rather than answering without it. */
function thinks({ reasoning }: ResponsesRequest): boolean {
  const effort = reasoning?.effort;
  return typeof effort === 'string' && effort !== 'none' && effort !== 'minimal';
}

export function responses(request: ResponsesRequest, context: ResponsesContext): ClientRequest {
  return {
    model: request.model,
    kind: 'chat',
    streamed: request.stream === true,
    keepsAnswer: context.keep !== null,
    measure: () => ({
      input: measureResponses(request, context.input),
      inputField: 'input',
      schemaField: request.text?.format?.type === 'json_schema' ? 'text.format' : null,
      outputTokensWanted: request.max_output_tokens ?? null,
      outputTokensMin: thinks(request) ? THINKING_TOKENS_MIN : 0,
      outputHidden: false,
      choices: 1,
      extras: extrasOf(request, context.input),
    }),
    translate(order) {
      const { responses: adapter } = order.adapter;
      const { provider, apiVersion } = order.deployment.model;
      // Other servers that speak OpenAI's chat rarely know the Responses API.
      if (adapter && provider === 'openai' && apiVersion === '')
        return nativeResponses(request, context, { ...order, responses: adapter });
      return translatedResponses(request, context, order);
    },
  };
}
