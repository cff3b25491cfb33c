/** A JSON object that is written while its parts are still being read: no list of it is ever held whole. */
import { Readable } from 'node:stream';

/** A text that is JSON already and goes into the document as it is. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = unknown | AsyncIterable<unknown>;
const isStreamed = (part: Part): part is AsyncIterable<unknown> =>
  typeof part === 'object' && part !== null && Symbol.asyncIterator in part;

/** Parts that are async iterables become lists. An object of `RawJson` values is written field by field. */
function write(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (typeof value !== 'object' || value === null || !Object.values(value).some((field) => field instanceof RawJson))
    return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`);
  return `{${fields.join(',')}}`;
}

async function* pieces(parts: Record<string, Part>): AsyncGenerator<string> {
  let before = '{';
  for (const [name, part] of Object.entries(parts)) {
    yield `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (!isStreamed(part)) {
      yield write(part);
      continue;
    }
    let separator = '[';
    for await (const item of part) {
      yield separator + write(item);
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  }
  yield before === '{' ? '{}' : '}';
}

/**
 * The fields in their order; a field that is an async iterable becomes a list, read as fast as the client takes it.
 * An error while reading ends the stream unfinished, so that it is no JSON that somebody could take for whole.
 */
export function streamJson(parts: Record<string, Part>): Readable {
  return Readable.from(pieces(parts));
}
