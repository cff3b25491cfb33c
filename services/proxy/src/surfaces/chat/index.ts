/** OpenAI's chat completions. The adapters speak its form, so there is nothing to translate between. */
import type { ChatRequest } from '../../providers/chat-request.ts';
import type { AnswerContext } from '../../providers/provider.ts';
import type { ClientRequest, Translation, TranslationOrder } from '../surface.ts';
import { extrasOf } from './extras.ts';
import { measureInput, textsOf } from './measure.ts';
import { ChatStream } from './stream.ts';
import { chatUsage, servedTier } from './usage.ts';

/** The least budget for thinking that a provider takes (1,024), and room for an answer. */
const THINKING_TOKENS_MIN = 1_281;

/** A budget that affords no thinking refuses the request rather than answering without it. */
function thinks({ reasoning_effort: effort }: ChatRequest): boolean {
  return typeof effort === 'string' && effort !== 'none' && effort !== 'minimal';
}

export function chatCompletion(request: ChatRequest): ClientRequest {
  return {
    model: request.model,
    kind: 'chat',
    streamed: request.stream === true,
    measure: () => ({
      input: measureInput(request),
      inputField: 'messages',
      schemaField: request.response_format?.type === 'json_schema' ? 'response_format' : null,
      outputTokensWanted: request.max_completion_tokens ?? request.max_tokens ?? null,
      outputTokensMin: thinks(request) ? THINKING_TOKENS_MIN : 0,
      outputHidden: false,
      choices: request.n ?? 1,
      extras: extrasOf(request),
      countable: () => textsOf(request),
    }),
    translate: (order) => translation(request, order),
  };
}

function translation(request: ChatRequest, { deployment, adapter, stamp }: TranslationOrder): Translation {
  const { name, upstreamModel } = deployment.model;
  const completionId = `chatcmpl-${stamp.id}`;
  const context: AnswerContext = { completionId, created: stamp.created, publicModel: name, upstreamModel, request };
  return {
    buildRequest: (outputTokensCap, serverToolCallsMax) =>
      adapter.buildRequest({ request, upstreamModel, outputTokensCap, serverToolCallsMax }),
    readAnswer(body) {
      const answer = adapter.readAnswer(body, context);
      if ('failure' in answer) return answer;
      const { completion, ...seen } = answer;
      return {
        ...seen,
        write: (ending) => JSON.stringify({ ...servedTier(ending), ...completion, usage: chatUsage(ending) }),
      };
    },
    createStream: () => new ChatStream(adapter.createStreamReader(context), context),
  };
}
