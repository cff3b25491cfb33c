/** What a Responses request has beside its body: the conversation before it, and where its answer is kept. */
import type { JsonObject } from '../../providers/json.ts';
import type { InputItem } from '../../providers/responses-request.ts';

/** Makes a finished response there for later requests. @returns false where it couldn't; throws nothing */
export type Keep = (response: JsonObject) => Promise<boolean>;

export class ResponsesContext {
  /** The whole input: what `previous_response_id` and references stand for is in it. */
  readonly input: InputItem[];
  /** So many items of it, at the beginning, are not of this request. */
  readonly keptItems: number;
  /** null: nothing is kept of this request. */
  readonly keep: Keep | null;

  constructor(input: InputItem[], keptItems: number, keep: Keep | null) {
    this.input = input;
    this.keptItems = keptItems;
    this.keep = keep;
  }

  /** Keeps the response where it is to be kept. @returns it as the client is told: truly stored or not */
  async told(response: JsonObject): Promise<JsonObject> {
    if (!this.keep) return response;
    return (await this.keep(response)) ? response : { ...response, store: false };
  }
}
