/** OpenAI's legacy completions, answered by chat models. */
import { proxyError } from '../../errors.ts';
import type { ChatRequest } from '../../providers/chat-request.ts';
import { isObject, objectsIn } from '../../providers/json.ts';
import type { AnswerContext } from '../../providers/provider.ts';
import { chatCompletion } from '../chat/index.ts';
import { chatUsage } from '../chat/usage.ts';
import type { ClientRequest, Translation, TranslationOrder } from '../surface.ts';
import { type CompletionRequest, chatOf, impossibleField } from './request.ts';
import { type CompletionHead, CompletionStream, choiceOf, wordsOf } from './stream.ts';

/** @throws ApiError `unsupported_parameter` */
export function completion(request: CompletionRequest): ClientRequest {
  const param = impossibleField(request);
  if (param !== null)
    throw proxyError('unsupported_parameter', {
      param,
      message: `No chat model can obey '${param}' in a completion; leave it out.`,
    });
  const chat = chatOf(request);
  const asChat = chatCompletion(chat);
  return {
    ...asChat,
    measure: (deployment) => ({ ...asChat.measure(deployment), inputField: 'prompt' }),
    translate: (order) => translation(chat, order),
  };
}

function translation(request: ChatRequest, { deployment, adapter, stamp }: TranslationOrder): Translation {
  const { name: publicModel, upstreamModel } = deployment.model;
  const { created } = stamp;
  const context: AnswerContext = { completionId: `chatcmpl-${stamp.id}`, created, publicModel, upstreamModel, request };
  const head: CompletionHead = { id: `cmpl-${stamp.id}`, object: 'text_completion', created, model: publicModel };
  const usageWanted = request.stream_options?.include_usage === true;
  return {
    buildRequest(outputTokensCap, serverToolCallsMax) {
      const built = adapter.buildRequest({ request, upstreamModel, outputTokensCap, serverToolCallsMax });
      if (!('unsupported' in built) || !built.unsupported.param.startsWith('messages')) return built;
      return { unsupported: { ...built.unsupported, param: 'prompt' } };
    },
    readAnswer(body) {
      const answer = adapter.readAnswer(body, context);
      if ('failure' in answer) return answer;
      const { completion: made, ...seen } = answer;
      const choices = objectsIn(made.choices).map(({ index, message, finish_reason }) =>
        choiceOf(index, isObject(message) ? wordsOf(message) : '', finish_reason),
      );
      return { ...seen, write: (ending) => JSON.stringify({ ...head, choices, usage: chatUsage(ending) }) };
    },
    createStream: () =>
      new CompletionStream(adapter.createStreamReader(context), head, { choices: request.n ?? 1, usageWanted }),
  };
}
