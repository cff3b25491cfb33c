/** The words of any API's request and answer, as turns: what a person would read, without pictures, sound and files. */
import type { ContentTurn } from '@cloudfreedom/contracts';
import { isObject, type JsonObject, objectsIn, textIn } from '../providers/json.ts';

/** Parts of a message that are no words, by what stands in their type. */
const MARKS: [RegExp, string][] = [
  [/image/, '[image]'],
  [/audio/, '[audio]'],
  [/file|document/, '[file]'],
];

function callOf(name: unknown, input: unknown): string {
  return `${textIn(name)}(${typeof input === 'string' ? input : JSON.stringify(input ?? {})})`;
}

function wordsOfPart(part: JsonObject): string {
  const type = textIn(part.type);
  if (type === 'tool_use') return callOf(part.name, part.input);
  if (type === 'function_call') return callOf(part.name, part.arguments);
  if (isObject(part.function)) return callOf(part.function.name, part.function.arguments);
  if (isObject(part.custom)) return callOf(part.custom.name, part.custom.input);
  const mark = MARKS.find(([pattern]) => pattern.test(type));
  if (mark) return mark[1];
  // What a model thought is not what it said.
  if (/thinking|reasoning/.test(type)) return '';
  return textIn(part.text) || textIn(part.refusal) || wordsOf(part.content ?? part.output);
}

function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (isObject(content)) return wordsOfPart(content);
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (typeof part === 'string' ? part : isObject(part) ? wordsOfPart(part) : ''))
    .filter(Boolean)
    .join('\n');
}

const ROLES: Record<string, string> = { function_call: 'assistant', function_call_output: 'tool' };

/** A message of a chat, or an item of the Responses API. */
function turnOf(item: JsonObject): ContentTurn {
  const role = textIn(item.role) || ROLES[textIn(item.type)] || 'user';
  const said = item.role === undefined && item.content === undefined ? wordsOfPart(item) : wordsOf(item.content);
  return { role, text: [said, wordsOf(item.tool_calls)].filter(Boolean).join('\n') };
}

function turnsIn(value: unknown): ContentTurn[] {
  if (typeof value === 'string') return [{ role: 'user', text: value }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) =>
    typeof item === 'string' ? { role: 'user', text: item } : isObject(item) ? turnOf(item) : [],
  );
}

/**
 * The last `charsMax` characters of what was asked: what came before was asked before.
 * @param body as it was checked: of a chat, a completion, a message, a response or embeddings
 */
export function requestWords(body: unknown, charsMax: number): { turns: ContentTurn[]; cut: boolean } {
  if (!isObject(body)) return { turns: [], cut: false };
  const system = wordsOf(body.system ?? body.instructions);
  const all = [
    ...(system === '' ? [] : [{ role: 'system', text: system }]),
    ...[body.messages, body.input, body.prompt].flatMap(turnsIn),
  ].filter(({ text }) => text !== '');
  const turns: ContentTurn[] = [];
  let left = charsMax;
  for (const { role, text } of all.reverse()) {
    if (left === 0) return { turns: turns.reverse(), cut: true };
    const kept = text.slice(-left);
    turns.push({ role, text: kept });
    left -= kept.length;
    if (kept.length < text.length) return { turns: turns.reverse(), cut: true };
  }
  return { turns: turns.reverse(), cut: false };
}

/** What an answer in one piece says; nothing where it is no words (embeddings). */
export function answerWords(body: string, charsMax: number): { turns: ContentTurn[]; cut: boolean } {
  const answer: unknown = JSON.parse(body);
  if (!isObject(answer)) return { turns: [], cut: false };
  const choices = objectsIn(answer.choices).map((choice) =>
    isObject(choice.message) ? turnOf(choice.message).text : textIn(choice.text),
  );
  const whole = [...choices, wordsOf(answer.content), ...objectsIn(answer.output).map((item) => turnOf(item).text)];
  return bounded(whole.filter(Boolean), charsMax);
}

function bounded(texts: string[], charsMax: number): { turns: ContentTurn[]; cut: boolean } {
  let left = charsMax;
  const turns = texts.flatMap((text) => {
    const kept = text.slice(0, left);
    left -= kept.length;
    return kept === '' ? [] : { role: 'assistant', text: kept };
  });
  return { turns, cut: left === 0 && texts.join('').length > charsMax };
}

/** Reads a stream of any of the APIs in the form in which the client gets it, whole events at a time. */
export class StreamWords {
  /** By choice. */
  readonly #texts: string[] = [];
  readonly #charsMax: number;
  #chars = 0;

  constructor(charsMax: number) {
    this.#charsMax = charsMax;
  }

  /** Characters so far, more than are kept where it has too many. */
  get chars(): number {
    return this.#chars;
  }

  push(events: string): void {
    for (const line of events.split('\n')) {
      if (this.#chars > this.#charsMax) return;
      if (!line.startsWith('data: {')) continue;
      const event: unknown = JSON.parse(line.slice('data: '.length));
      if (isObject(event)) this.#read(event);
    }
  }

  end(): { turns: ContentTurn[]; cut: boolean } {
    return bounded(this.#texts.filter(Boolean), this.#charsMax);
  }

  #read(event: JsonObject): void {
    for (const { index, text, delta } of objectsIn(event.choices)) {
      const choice = typeof index === 'number' && index >= 0 && index < 128 ? Math.floor(index) : 0;
      if (!isObject(delta)) this.#add(choice, textIn(text));
      else this.#add(choice, textIn(delta.content) + objectsIn(delta.tool_calls).map(partOfCall).join(''));
    }
    const { type, delta } = event;
    if (type === 'content_block_start' && isObject(event.content_block)) this.#add(0, textIn(event.content_block.name));
    if (type === 'content_block_delta' && isObject(delta))
      this.#add(0, textIn(delta.text) + textIn(delta.partial_json));
    if (type === 'response.output_text.delta' || type === 'response.refusal.delta') this.#add(0, textIn(delta));
    if (type === 'response.output_item.done' && isObject(event.item) && event.item.type === 'function_call')
      this.#add(0, wordsOfPart(event.item));
  }

  #add(choice: number, text: string): void {
    if (text === '') return;
    this.#texts[choice] = (this.#texts[choice] ?? '') + text;
    this.#chars += text.length;
  }
}

function partOfCall(call: JsonObject): string {
  return isObject(call.function) ? textIn(call.function.name) + textIn(call.function.arguments) : '';
}
