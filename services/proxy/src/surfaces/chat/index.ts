/** OpenAI's chat completions. The adapters speak its form, so there is nothing to translate between. */
import type { ChatRequest } from '../../providers/chat-request.ts';
import type { AnswerContext } from '../../providers/provider.ts';
import type { ClientRequest, Translation, TranslationOrder } from '../surface.ts';
import { measureInput } from './measure.ts';
import { ChatStream } from './stream.ts';
import { chatUsage, servedTier } from './usage.ts';

export function chatCompletion(request: ChatRequest): ClientRequest {
  return {
    model: request.model,
    kind: 'chat',
    streamed: request.stream === true,
    measure: () => ({
      input: measureInput(request),
      inputField: 'messages',
      outputTokensWanted: request.max_completion_tokens ?? request.max_tokens ?? null,
      outputTokensMin: 0,
      choices: request.n ?? 1,
    }),
    translate: (order) => translation(request, order),
  };
}

function translation(request: ChatRequest, { deployment, adapter, stamp }: TranslationOrder): Translation {
  const { name, upstreamModel } = deployment.model;
  const completionId = `chatcmpl-${stamp.id}`;
  const context: AnswerContext = { completionId, created: stamp.created, publicModel: name, upstreamModel, request };
  return {
    buildRequest: (outputTokensCap) => adapter.buildRequest({ request, upstreamModel, outputTokensCap }),
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
