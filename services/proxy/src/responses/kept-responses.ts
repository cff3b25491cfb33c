/** Keeping responses for later requests of the same person, as long as the tenant's retention rule allows. */
import type { Logger } from '@cloudfreedom/service-kit';
import type { ModelCatalogue } from '../billing/model-catalogue.ts';
import { proxyError } from '../errors.ts';
import { isObject, type JsonObject, objectsIn, textIn } from '../providers/json.ts';
import { type InputItem, itemsOf, type ResponsesRequest } from '../providers/responses-request.ts';
import { type Keep, ResponsesContext } from '../surfaces/responses/context.ts';
import type { KeptResponse, KeptResponseStore } from './kept-response.store.ts';

const NOTHING_KEPT =
  'This organisation keeps no responses (its retention rule): send the whole conversation in `input` instead.';

export class KeptResponses {
  readonly #store: KeptResponseStore;
  readonly #catalogue: ModelCatalogue;
  readonly #logger: Logger;
  readonly #platformDays: number;

  /** @param options.platformDays the platform's rule, where the tenant has none of its own; 0: nothing is kept */
  constructor(options: {
    store: KeptResponseStore;
    catalogue: ModelCatalogue;
    logger: Logger;
    platformDays: number;
  }) {
    this.#store = options.store;
    this.#catalogue = options.catalogue;
    this.#logger = options.logger;
    this.#platformDays = options.platformDays;
  }

  /** Whole days; 0: nothing is kept. */
  async retentionDays(): Promise<number> {
    const { tenant } = await this.#catalogue.current();
    return tenant.retentionDays || this.#platformDays;
  }

  /**
   * The conversation that a request goes on with, and where its answer is kept.
   * @throws ApiError `previous_response_not_found`, `item_not_found`, `billing_unavailable`
   */
  async contextOf(request: ResponsesRequest, subjectId: string): Promise<ResponsesContext> {
    const days = await this.retentionDays();
    const before = await this.#before(request, subjectId, days);
    const own = await this.#resolved(itemsOf(request), subjectId, days);
    const keep = request.store !== false && days > 0 ? this.#keeper(request, own, subjectId) : null;
    return new ResponsesContext([...before, ...own], before.length, keep);
  }

  /** @throws ApiError `response_not_found` */
  async find(subjectId: string, id: string): Promise<{ response: JsonObject; input: InputItem[] }> {
    const days = await this.retentionDays();
    const kept = days > 0 ? await this.#store.find(subjectId, id, days) : null;
    if (!kept) throw notFound(id, days);
    return { response: JSON.parse(kept.response), input: JSON.parse(kept.input) };
  }

  /** @throws ApiError `response_not_found` */
  async delete(subjectId: string, id: string): Promise<void> {
    const days = await this.retentionDays();
    if (days === 0 || !(await this.#store.delete(subjectId, id, days))) throw notFound(id, days);
  }

  async #before(request: ResponsesRequest, subjectId: string, days: number): Promise<InputItem[]> {
    const { previous_response_id: id } = request;
    if (!id) return [];
    const kept = days > 0 ? await this.#store.conversation(subjectId, id, days) : [];
    if (kept.length > 0) return kept.flatMap(itemsOfKept);
    const why =
      days > 0
        ? 'It is unknown, deleted, older than this organisation keeps responses, or its conversation is too long.'
        : NOTHING_KEPT;
    throw proxyError('previous_response_not_found', {
      message: `Previous response with id '${id}' not found. ${why}`,
      param: 'previous_response_id',
    });
  }

  /** The items themselves where the client named only their ids. */
  async #resolved(items: InputItem[], subjectId: string, days: number): Promise<InputItem[]> {
    const wanted = items.flatMap((item) => (item.type === 'item_reference' ? [String(item.id)] : []));
    if (wanted.length === 0) return items;
    const kept = days > 0 ? await this.#store.withItems(subjectId, wanted, days) : [];
    const known = new Map(kept.flatMap(outputOf).map((item) => [textIn(item.id), item]));
    return items.map((item, index) => {
      if (item.type !== 'item_reference') return item;
      const found = known.get(String(item.id));
      if (found) return found as InputItem;
      throw proxyError('item_not_found', {
        message: `Item with id '${item.id}' not found. ${days > 0 ? 'Send the item itself.' : NOTHING_KEPT}`,
        param: `input[${index}].id`,
      });
    });
  }

  #keeper(request: ResponsesRequest, own: InputItem[], subjectId: string): Keep {
    return async (response) => {
      const kept = {
        id: textIn(response.id),
        previousId: request.previous_response_id ?? null,
        input: JSON.stringify(own),
        response: JSON.stringify(response),
      };
      const itemIds = objectsIn(response.output).map(({ id }) => textIn(id).replaceAll('\0', ''));
      try {
        await this.#store.save(subjectId, kept, itemIds.filter(Boolean));
        return true;
      } catch (error) {
        this.#logger.warn({ err: error }, 'a response could not be kept');
        return false;
      }
    };
  }
}

function outputOf({ response }: KeptResponse): JsonObject[] {
  const parsed: unknown = JSON.parse(response);
  return isObject(parsed) ? objectsIn(parsed.output) : [];
}

function itemsOfKept(kept: KeptResponse): InputItem[] {
  return [...JSON.parse(kept.input), ...outputOf(kept)];
}

function notFound(id: string, days: number) {
  const message = `Response with id '${id}' not found.${days > 0 ? '' : ` ${NOTHING_KEPT}`}`;
  return proxyError('response_not_found', { message });
}
