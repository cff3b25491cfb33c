/**
 * Gemini's streams are server-sent events, except where they aren't: an error may follow as bare JSON, and without
 * `alt=sse` (some gateways drop the query) the answer is one JSON list. Both come out as events here.
 */
import {
  createEventAssembler,
  createLineDecoder,
  createLineEventDecoder,
  EVENT_LENGTH_MAX,
  type EventDecoder,
} from '../sse.ts';

/** Cuts objects out of JSON text; what stands between them (brackets and commas of a list) is passed over. */
function createObjectScanner() {
  let pieces: string[] = [];
  let length = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;

  return {
    get isOpen() {
      return depth > 0;
    },
    get overflowed() {
      return length > EVENT_LENGTH_MAX;
    },
    feed(text: string): string[] {
      const objects: string[] = [];
      let start = depth > 0 ? 0 : -1;
      for (let at = 0; at < text.length; at += 1) {
        const character = text[at];
        if (escaped) escaped = false;
        else if (inText) {
          if (character === '\\') escaped = true;
          else if (character === '"') inText = false;
        } else if (character === '"') inText = depth > 0;
        else if (character === '{') {
          if (depth === 0) start = at;
          depth += 1;
        } else if (character === '}' && depth > 0) {
          depth -= 1;
          if (depth > 0) continue;
          objects.push([...pieces, text.slice(start, at + 1)].join(''));
          pieces = [];
          length = 0;
          start = -1;
        }
      }
      if (start >= 0) {
        pieces.push(text.slice(start));
        length += text.length - start;
      }
      return objects;
    },
  };
}

export function createGeminiDecoder(): EventDecoder {
  const lines = createLineDecoder();
  const assembler = createEventAssembler();
  const scanner = createObjectScanner();
  return createLineEventDecoder({
    lines,
    assembler,
    overflowed: () => lines.overflowed || assembler.overflowed || scanner.overflowed,
    read: (line) => {
      // The line's own end is kept: it may stand between two words.
      if (scanner.isOpen || /^\s*[[{\],]/.test(line))
        return scanner.feed(`${line}\n`).map((data) => ({ event: 'message', data }));
      const complete = assembler.feed(line);
      return complete ? [complete] : [];
    },
  });
}
