/** What a JSON body has to be before it is parsed: UTF-8, and no deeper than anybody needs. */
import { type ApiError, commonError } from './errors.ts';

/** A schema of a tool in a conversation stays below 50. Parsing millions of levels costs seconds and a gigabyte. */
const LEVELS_MAX = 200;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws ApiError `invalid_request`; its param is the top-level field that is nested too deeply */
export function readJsonText(body: Uint8Array): string {
  checkNesting(body);
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw commonError('invalid_request', { message: 'The body is not valid UTF-8.', cause });
  }
}

/** Counts brackets outside of strings. What is no JSON is left to the parser to refuse. */
function checkNesting(body: Uint8Array): void {
  let level = 0;
  // The last string of the outermost object: before a nested value that is its name.
  let name = { start: 0, end: 0 };
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = endOfString(body, at);
      if (level === 1) name = { start: at, end };
      at = end;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      level += 1;
      if (level > LEVELS_MAX) throw nestedTooDeeply(Buffer.from(body.subarray(name.start, name.end + 1)).toString());
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) level -= 1;
  }
}

/** @returns the place of the closing quote; the body's length where there is none */
function endOfString(body: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, body.length);
}

function nestedTooDeeply(quotedName: string): ApiError {
  const name = /^"(\w{1,64})"$/.exec(quotedName)?.[1];
  return commonError('invalid_request', {
    message: `${name ?? 'The body'} is nested deeper than ${LEVELS_MAX} levels.`,
    ...(name === undefined ? {} : { param: name }),
  });
}
