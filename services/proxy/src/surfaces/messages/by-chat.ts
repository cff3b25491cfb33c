/** Anthropic's form to other providers: their adapters take OpenAI's chat form. */
import type { CatalogueModel } from '@cloudfreedom/contracts';
import type {
  AnswerContext,
  ChatRequest,
  ProviderAdapter,
  Unsupported,
  UpstreamRequest,
} from '../../providers/provider.ts';
import { translate as build } from '../../providers/request-fields.ts';
import type { CountRequest, Translation, TranslationOrder } from '../surface.ts';
import { messageOf } from './answer-by-chat.ts';
import type { CountTokensRequest, MessagesRequest } from './request.ts';
import { readRequest } from './request-by-chat.ts';
import { MessagesStream } from './stream-by-chat.ts';
import { messagesUsage } from './usage.ts';

export function translationByChat(request: MessagesRequest, order: TranslationOrder): Translation {
  const { deployment, adapter, stamp } = order;
  const { name, upstreamModel } = deployment.model;
  const context: AnswerContext = {
    completionId: `chatcmpl-${stamp.id}`,
    created: stamp.created,
    publicModel: name,
    upstreamModel,
    request: { model: name, messages: [] },
  };
  const head = { id: `msg_${stamp.id}`, model: name };
  return {
    buildRequest: (outputTokensCap) =>
      inChatForm(request, deployment.model, (chat) =>
        adapter.buildRequest({ request: chat, upstreamModel, outputTokensCap }),
      ),
    readAnswer(body) {
      const answer = adapter.readAnswer(body, context);
      if ('failure' in answer) return answer;
      const { completion, ...seen } = answer;
      const message = messageOf(completion, head);
      return { ...seen, write: (ending) => JSON.stringify({ ...message, usage: messagesUsage(ending) }) };
    },
    createStream: () => new MessagesStream(adapter.createStreamReader(context), head),
  };
}

/** null: the provider doesn't count. */
export function countByChat(
  request: CountTokensRequest,
  model: CatalogueModel,
  adapter: ProviderAdapter,
): ReturnType<CountRequest['translate']> {
  const { counting } = adapter;
  if (!counting) return null;
  const { upstreamModel } = model;
  return {
    buildRequest: () =>
      inChatForm(request, model, (chat) => {
        const built = adapter.buildRequest({ request: chat, upstreamModel, outputTokensCap: 1 });
        return 'unsupported' in built ? built : counting.countOf(built);
      }),
    readCount: counting.readCount,
  };
}

/** What the adapter refuses has the name in the client's form. */
function inChatForm(
  request: CountTokensRequest,
  model: CatalogueModel,
  buildIt: (chat: ChatRequest) => UpstreamRequest | { unsupported: Unsupported },
): UpstreamRequest | { unsupported: Unsupported } {
  return build(() => {
    const { chat, paramOf } = readRequest(request, model);
    const built = buildIt(chat);
    if (!('unsupported' in built)) return built;
    const { param, message } = built.unsupported;
    return { unsupported: { param: paramOf(param), message } };
  });
}
