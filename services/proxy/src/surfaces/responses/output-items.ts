/** What the events of a response add up to: its output items, open ones included. */
import { isObject, type JsonObject, objectsIn, textIn } from '../../providers/json.ts';

const ITEMS_MAX = 1_000;
const PARTS_MAX = 1_000;

interface Slot {
  item: JsonObject;
  done: boolean;
}

type Apply = (item: JsonObject, event: JsonObject) => void;

/** Part `index` of a list in the item, made where it is missing. */
function partAt(item: JsonObject, list: string, index: unknown, empty: () => JsonObject): JsonObject {
  const at = typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < PARTS_MAX ? index : 0;
  if (!Array.isArray(item[list])) item[list] = [];
  const parts = item[list] as unknown[];
  while (parts.length <= at) parts.push(empty());
  const part = parts[at];
  return isObject(part) ? part : {};
}

function adder(list: string, index: string, empty: () => JsonObject, field: string): Apply {
  return (item, event) => {
    const part = partAt(item, list, event[index], empty);
    part[field] = textIn(part[field]) + textIn(event.delta);
  };
}

const outputText = () => ({ type: 'output_text', text: '', annotations: [], logprobs: [] });
const refusal = () => ({ type: 'refusal', refusal: '' });
const summaryText = () => ({ type: 'summary_text', text: '' });
const reasoningText = () => ({ type: 'reasoning_text', text: '' });

/** The events that add to an item. All others leave it to the item's own `done`. */
const APPLY: Record<string, Apply> = {
  'response.content_part.added': (item, event) => {
    if (!isObject(event.part)) return;
    Object.assign(
      partAt(item, 'content', event.content_index, () => ({})),
      event.part,
    );
  },
  'response.output_text.delta': adder('content', 'content_index', outputText, 'text'),
  'response.refusal.delta': adder('content', 'content_index', refusal, 'refusal'),
  'response.reasoning_text.delta': adder('content', 'content_index', reasoningText, 'text'),
  'response.reasoning_summary_part.added': (item, event) => {
    partAt(item, 'summary', event.summary_index, summaryText);
  },
  'response.reasoning_summary_text.delta': adder('summary', 'summary_index', summaryText, 'text'),
  'response.function_call_arguments.delta': (item, event) => {
    item.arguments = textIn(item.arguments) + textIn(event.delta);
  },
  'response.custom_tool_call_input.delta': (item, event) => {
    item.input = textIn(item.input) + textIn(event.delta);
  },
};

export class OutputItems {
  readonly #slots: (Slot | undefined)[] = [];

  /** @throws RangeError for an item that no answer has */
  apply(event: JsonObject): void {
    const type = textIn(event.type);
    const index = event.output_index;
    if (type === 'response.output_item.added' || type === 'response.output_item.done') {
      if (
        typeof index !== 'number' ||
        !Number.isInteger(index) ||
        index < 0 ||
        index >= ITEMS_MAX ||
        !isObject(event.item)
      )
        throw new RangeError('an output item without its index');
      this.#slots[index] = { item: structuredClone(event.item), done: type.endsWith('done') };
      return;
    }
    const apply = Object.hasOwn(APPLY, type) ? APPLY[type] : undefined;
    const slot = typeof index === 'number' ? this.#slots[index] : undefined;
    if (apply && slot && !slot.done) apply(slot.item, event);
  }

  /** Fields of an open item that no event brings but its last. */
  amend(index: number, fields: JsonObject): void {
    const slot = this.#slots[index];
    if (slot && !slot.done) Object.assign(slot.item, fields);
  }

  /** @returns the place of the annotation in its part */
  annotate(index: number, contentIndex: number, annotation: JsonObject): number {
    const part = objectsIn(this.#slots[index]?.item.content)[contentIndex];
    if (!part) return 0;
    const annotations = [...objectsIn(part.annotations), annotation];
    part.annotations = annotations;
    return annotations.length - 1;
  }

  get items(): JsonObject[] {
    return this.#slots.flatMap((slot) => (slot ? [slot.item] : []));
  }

  /** The events that end what is still open, in order. */
  closing(status: 'completed' | 'incomplete'): JsonObject[] {
    return this.#slots.flatMap((slot, index) => (slot && !slot.done ? closingOf(slot.item, index, status) : []));
  }
}

function closingOf(item: JsonObject, index: number, status: string): JsonObject[] {
  const at = { item_id: item.id, output_index: index };
  const events: JsonObject[] = [];
  if (item.type === 'message') events.push(...objectsIn(item.content).flatMap((part, n) => endOfPart(part, n, at)));
  if (item.type === 'reasoning')
    for (const [n, part] of objectsIn(item.summary).entries()) {
      events.push({ type: 'response.reasoning_summary_text.done', ...at, summary_index: n, text: part.text });
      events.push({ type: 'response.reasoning_summary_part.done', ...at, summary_index: n, part });
    }
  if (item.type === 'function_call')
    events.push({
      type: 'response.function_call_arguments.done',
      ...at,
      name: item.name,
      arguments: textIn(item.arguments),
    });
  if (item.type === 'custom_tool_call')
    events.push({ type: 'response.custom_tool_call_input.done', ...at, input: textIn(item.input) });
  const ended = item.type === 'reasoning' ? item : { ...item, status };
  return [...events, { type: 'response.output_item.done', output_index: index, item: ended }];
}

function endOfPart(part: JsonObject, index: number, at: JsonObject): JsonObject[] {
  const done =
    part.type === 'refusal'
      ? { type: 'response.refusal.done', ...at, content_index: index, refusal: part.refusal }
      : { type: 'response.output_text.done', ...at, content_index: index, text: textIn(part.text), logprobs: [] };
  return [done, { type: 'response.content_part.done', ...at, content_index: index, part }];
}
