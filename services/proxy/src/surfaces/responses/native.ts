/** The Responses API to OpenAI itself: its events and items are passed on; what stands around them is ours. */
import type { ApiError } from '@cloudfreedom/service-kit';
import { isObject, type JsonObject, textIn } from '../../providers/json.ts';
import type { ResponsesAdapter, ResponsesEvent, StreamReader, StreamState } from '../../providers/provider.ts';
import type { ResponsesRequest } from '../../providers/responses-request.ts';
import type { ClientStream, Ending, Translation, TranslationOrder } from '../surface.ts';
import type { ResponsesContext } from './context.ts';
import { EventWriter } from './event-writer.ts';
import { endOf, failureEvents, responseObject, responseUsage, servedTier } from './response-object.ts';

type Publish = (response: JsonObject) => JsonObject;

export function nativeResponses(
  request: ResponsesRequest,
  context: ResponsesContext,
  order: TranslationOrder & { responses: ResponsesAdapter },
): Translation {
  const { stamp, responses: adapter } = order;
  const { name, upstreamModel, reasoning } = order.deployment.model;
  const made = responseObject(request, {
    id: `resp_${stamp.id}`,
    created: stamp.created,
    model: name,
    stored: context.keep !== null,
  });
  /** OpenAI's object as the client gets it: nothing is kept there, and how the account pays is nobody's business. */
  const publish: Publish = ({ billing: _account, ...response }) => ({
    ...response,
    id: /^resp_[\w-]{1,100}$/.test(textIn(response.id)) ? response.id : made.id,
    model: name === upstreamModel ? (response.model ?? name) : name,
    instructions: made.instructions,
    previous_response_id: made.previous_response_id,
    store: made.store,
  });
  const reasons = reasoning !== 'none' || Boolean(request.reasoning?.effort);
  return {
    buildRequest: (outputTokensCap, serverToolCallsMax) => {
      const { input } = context;
      return adapter.buildRequest({ request, input, upstreamModel, reasons, outputTokensCap, serverToolCallsMax });
    },
    readAnswer(body) {
      const answer = adapter.readAnswer(body);
      if ('failure' in answer) return answer;
      const { response, ...seen } = answer;
      const write = async (ending: Ending) => JSON.stringify(await context.told(settled(publish(response), ending)));
      return { ...seen, write };
    },
    createStream: () => new NativeStream(adapter.createStreamReader(), { publish, made, context }),
  };
}

/** With the usage that was settled, where it was settled exactly OpenAI's own numbers. */
function settled(response: JsonObject, ending: Ending): JsonObject {
  return { ...response, ...servedTier(ending), usage: responseUsage(ending) };
}

class NativeStream implements ClientStream {
  outputBytes = 0;
  readonly #reader: StreamReader<ResponsesEvent>;
  readonly #writer = new EventWriter();
  readonly #publish: Publish;
  readonly #context: ResponsesContext;
  /** The response as the last event had it. */
  #response: JsonObject;
  /** The event that ends it waits for the settlement. */
  #last: JsonObject | null = null;

  constructor(
    reader: StreamReader<ResponsesEvent>,
    { publish, made, context }: { publish: Publish; made: JsonObject; context: ResponsesContext },
  ) {
    this.#reader = reader;
    this.#publish = publish;
    this.#response = made;
    this.#context = context;
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
    const closed = this.#last ? '' : this.#writer.closeItems('incomplete');
    const output = this.#writer.output.items;
    const response = this.#last ?? { ...this.#response, ...endOf('length'), output };
    const told = await this.#context.told(settled(response, ending));
    const type = told.status === 'incomplete' ? 'response.incomplete' : 'response.completed';
    return closed + this.#writer.write({ type, response: told });
  }

  fail(error: ApiError): string {
    const response = { ...this.#response, output: this.#writer.output.items };
    return failureEvents(response, error)
      .map((event) => this.#writer.write(event))
      .join('');
  }

  #write(events: ResponsesEvent[]): string {
    let text = '';
    for (const { event, outputBytes } of events) {
      this.outputBytes += outputBytes;
      if (!isObject(event.response)) {
        text += this.#writer.write(event);
        continue;
      }
      this.#response = this.#publish(event.response);
      if (this.state.complete && (event.type === 'response.completed' || event.type === 'response.incomplete'))
        this.#last = this.#response;
      else text += this.#writer.write({ ...event, response: this.#response });
    }
    return text;
  }
}
