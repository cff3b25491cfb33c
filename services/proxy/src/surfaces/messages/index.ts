/** Anthropic's messages: native where Anthropic answers, else by way of OpenAI's chat form. */

import { proxyError } from '../../errors.ts';
import type { Deployment } from '../../models/deployment.ts';
import { abilitiesOf } from '../../providers/anthropic/model.ts';
import { noExtras } from '../extras.ts';
import type { ClientRequest, CountRequest, Demand } from '../surface.ts';
import { countByChat, translationByChat } from './by-chat.ts';
import { extrasOf } from './extras.ts';
import { readHeaders } from './headers.ts';
import { measureInput } from './measure.ts';
import { nativeCount, nativeTranslation } from './native.ts';
import type { CountTokensRequest, MessagesRequest } from './request.ts';

/** The least that thinking with a budget takes, and a few words after it. */
const THINKING_OUTPUT_MIN = 1_024 + 16;

/** @throws ApiError `invalid_request` for a header that can't be, `thread_unsupported_request` */
export function messages(
  request: MessagesRequest,
  headers: Record<string, string | string[] | undefined>,
): ClientRequest {
  const anthropicHeaders = readHeaders(headers);
  // What the provider remembers can't be bounded by what the request says, and it would be kept outside of the tenant.
  if (request.thread !== undefined && request.thread !== null)
    throw proxyError('thread_unsupported_request', { param: 'thread', details: { unsupported: ['thread'] } });
  return {
    model: request.model,
    kind: 'chat',
    streamed: request.stream === true,
    measure: (deployment) => demandOf(request, deployment),
    translate: (order) =>
      order.deployment.api === 'anthropic'
        ? nativeTranslation(request, anthropicHeaders, order)
        : translationByChat(request, order),
  };
}

/** `output_format` is the field's older name. */
function schemaFieldOf({ output_config, output_format }: MessagesRequest): string | null {
  if (output_config?.format) return 'output_config.format';
  return output_format ? 'output_format' : null;
}

function demandOf(request: MessagesRequest, { model, api }: Deployment): Demand {
  const { thinking } = request;
  const thinks = thinking?.type === 'enabled' || thinking?.type === 'adaptive';
  // Newer models keep their thinking to themselves unless they are asked for it.
  const omitted = thinking?.display ? thinking.display === 'omitted' : !abilitiesOf(model.upstreamModel).sampling;
  return {
    input: measureInput(request),
    inputField: 'messages',
    schemaField: schemaFieldOf(request),
    outputTokensWanted: request.max_tokens,
    outputTokensMin: thinking?.type === 'enabled' ? THINKING_OUTPUT_MIN : 0,
    outputHidden: api === 'anthropic' && thinks && omitted,
    choices: 1,
    extras: api === 'anthropic' ? extrasOf(request) : noExtras(),
  };
}

/** Anthropic counts its own requests; for other models the provider's counting of the translated one, where it has any. */
export function messagesCount(
  request: CountTokensRequest,
  headers: Record<string, string | string[] | undefined>,
): CountRequest {
  const anthropicHeaders = readHeaders(headers);
  return {
    model: request.model,
    measure: () => measureInput(request),
    translate: ({ model, api }, adapter) =>
      api === 'anthropic'
        ? nativeCount(request, anthropicHeaders, model.upstreamModel)
        : countByChat(request, model, adapter),
  };
}
