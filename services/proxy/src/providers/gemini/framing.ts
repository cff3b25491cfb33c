/**
 * Gemini's streams are server-sent events, except where they aren't: an error may follow as bare JSON, and without
 * `alt=sse` (some gateways drop the query) the answer is one JSON list. Both come out as events here.
 */
import { createEventAssembler, createLineDecoder, EVENT_LENGTH_MAX, type EventDecoder, type SseEvent } from '../sse.ts';

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
  const overflowed = () => lines.overflowed || assembler.overflowed || scanner.overflowed;

  function assemble(decoded: string[]): SseEvent[] {
    const events: SseEvent[] = [];
    for (const line of decoded) {
      if (overflowed()) break;
      if (scanner.isOpen || /^\s*[[{\],]/.test(line)) {
        // The line's own end is kept: it may stand between two words.
        for (const data of scanner.feed(`${line}\n`)) events.push({ event: 'message', data });
        continue;
      }
      const complete = assembler.feed(line);
      if (complete) events.push(complete);
    }
    return events;
  }

  return {
    push: (bytes) => (overflowed() ? [] : assemble(lines.push(bytes))),
    end() {
      if (overflowed()) return [];
      const events = assemble(lines.end());
      const last = overflowed() ? null : assembler.dispatch();
      return last ? [...events, last] : events;
    },
    get overflowed() {
      return overflowed();
    },
  };
}
