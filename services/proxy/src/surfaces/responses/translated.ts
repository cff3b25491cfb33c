/** The Responses API to a provider that speaks another: by way of a chat. */
import type { ApiError } from '@cloudfreedom/service-kit';
import { isObject, type JsonObject, objectsIn } from '../../providers/json.ts';
import type { AnswerContext, StreamChunk, StreamReader, StreamState } from '../../providers/provider.ts';
import type { ResponsesRequest } from '../../providers/responses-request.ts';
import type { ClientAnswer, ClientStream, Ending, Translation, TranslationOrder } from '../surface.ts';
import { ChatEvents } from './chat-events.ts';
import { chatForm, inResponsesWords } from './chat-form.ts';
import type { ResponsesContext } from './context.ts';
import { endOf, failureEvents, responseObject, responseUsage, servedTier } from './response-object.ts';

export function translatedResponses(
  request: ResponsesRequest,
  context: ResponsesContext,
  { deployment, adapter, stamp }: TranslationOrder,
): Translation {
  const { name: publicModel, upstreamModel } = deployment.model;
  const chat = chatForm(request, context.input, context.keptItems);
  const made: Made = {
    name: stamp.id,
    showsReasoning: Boolean(request.reasoning?.summary ?? request.reasoning?.generate_summary),
    response: responseObject(request, {
      id: `resp_${stamp.id}`,
      created: stamp.created,
      model: publicModel,
      stored: context.keep !== null,
    }),
    context,
  };
  if ('unsupported' in chat) {
    const never = () => {
      throw new Error('nothing was asked of this provider');
    };
    const { unsupported } = chat as Extract<typeof chat, { unsupported: unknown }>;
    return { buildRequest: () => ({ unsupported }) as never, readAnswer: never, createStream: never };
  }
  const answers: AnswerContext = {
    completionId: `chatcmpl-${stamp.id}`,
    created: stamp.created,
    publicModel,
    upstreamModel,
    request: chat,
  };
  return {
    buildRequest(outputTokensCap, serverToolCallsMax) {
      const built = adapter.buildRequest({ request: chat, upstreamModel, outputTokensCap, serverToolCallsMax });
      return 'unsupported' in built ? { unsupported: inResponsesWords(built.unsupported) } : built;
    },
    readAnswer(body) {
      const answer = adapter.readAnswer(body, answers);
      if ('failure' in answer) return answer;
      return wholeAnswer(made, answer);
    },
    createStream: () => new TranslatedStream(made, adapter.createStreamReader(answers)),
  };
}

interface Made {
  name: string;
  showsReasoning: boolean;
  response: JsonObject;
  context: ResponsesContext;
}

/** The response as it stands when its output is whole. */
function finished(response: JsonObject, output: JsonObject[], finishReason: string | null, ending: Ending): JsonObject {
  const end = endOf(ending.cut ? 'length' : finishReason);
  return { ...response, ...end, ...servedTier(ending), output, usage: responseUsage(ending) };
}

function wholeAnswer(
  { name, showsReasoning, response, context }: Made,
  { completion, ...seen }: { completion: JsonObject } & Omit<ClientAnswer, 'write'>,
): ClientAnswer {
  const events = new ChatEvents(name, showsReasoning);
  const message = objectsIn(completion.choices)[0]?.message;
  events.take(isObject(message) ? message : {});
  events.close(seen.finishReason === 'length' ? 'incomplete' : 'completed');
  const output = events.writer.output.items;
  return {
    ...seen,
    write: async (ending) => JSON.stringify(await context.told(finished(response, output, seen.finishReason, ending))),
  };
}

class TranslatedStream implements ClientStream {
  outputBytes = 0;
  readonly #made: Made;
  readonly #reader: StreamReader;
  readonly #events: ChatEvents;
  #begun = false;

  constructor(made: Made, reader: StreamReader) {
    this.#made = made;
    this.#reader = reader;
    this.#events = new ChatEvents(made.name, made.showsReasoning);
  }

  get state(): StreamState {
    return this.#reader.state;
  }

  push(bytes: Uint8Array): string {
    return this.#write(this.#reader.push(bytes));
  }

  end(): string {
    return this.#write(this.#reader.end());
  }

  async close(ending: Ending): Promise<string> {
    const { finishReason } = this.state;
    const { writer } = this.#events;
    const begun = this.#begin();
    const whole = !ending.cut && finishReason !== 'length';
    const closed = this.#events.close(whole ? 'completed' : 'incomplete');
    const response = finished(this.#made.response, writer.output.items, finishReason, ending);
    const told = await this.#made.context.told(response);
    return begun + closed + writer.write({ type: `response.${told.status}`, response: told });
  }

  fail(error: ApiError): string {
    const { writer } = this.#events;
    const response = { ...this.#made.response, output: writer.output.items };
    return failureEvents(response, error)
      .map((event) => writer.write(event))
      .join('');
  }

  #begin(): string {
    if (this.#begun) return '';
    this.#begun = true;
    const { writer } = this.#events;
    const { response } = this.#made;
    return (
      writer.write({ type: 'response.created', response }) + writer.write({ type: 'response.in_progress', response })
    );
  }

  #write(chunks: StreamChunk[]): string {
    if (chunks.length === 0) return '';
    let text = this.#begin();
    for (const { choices, outputBytes } of chunks) {
      this.outputBytes += outputBytes;
      for (const { delta } of choices) if (isObject(delta)) text += this.#events.take(delta);
    }
    return text;
  }
}
