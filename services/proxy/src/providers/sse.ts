/**
 * Server-sent events: bytes in, events out. Where the bytes are cut (inside a character, between CR and LF, inside
 * `data:`) makes no difference, and memory is bounded: an event that grows beyond the limit ends the decoding.
 */

export interface SseEvent {
  /** `message` where the stream names none. */
  event: string;
  data: string;
}

export interface EventDecoder {
  push(bytes: Uint8Array): SseEvent[];
  /** The bytes ended: an event without its closing empty line is given out too. */
  end(): SseEvent[];
  /** One event was larger than the limit; everything after it is ignored. */
  readonly overflowed: boolean;
}

export interface LineDecoder {
  push(bytes: Uint8Array): string[];
  end(): string[];
  readonly overflowed: boolean;
}

/** In UTF-16 code units, which is at most the number of bytes. */
export const EVENT_LENGTH_MAX = 16 * 1024 * 1024;

/** Splits UTF-8 into lines (LF, CR LF or CR), without their ends. */
export function createLineDecoder(lengthMax = EVENT_LENGTH_MAX): LineDecoder {
  const utf8 = new TextDecoder();
  let pending = '';
  let endedInCarriageReturn = false;
  let overflowed = false;

  function split(text: string): string[] {
    const lines: string[] = [];
    let start = 0;
    // Only the new text is searched: a long line that comes in small pieces isn't read again and again.
    let carriageReturn = text.indexOf('\r');
    if (endedInCarriageReturn && text.length > 0) {
      if (text.startsWith('\n')) start = 1;
      endedInCarriageReturn = false;
    }
    while (start < text.length) {
      if (carriageReturn >= 0 && carriageReturn < start) carriageReturn = text.indexOf('\r', start);
      const lineFeed = text.indexOf('\n', start);
      const endsInReturn = carriageReturn >= 0 && (lineFeed < 0 || carriageReturn < lineFeed);
      const end = endsInReturn ? carriageReturn : lineFeed;
      if (end < 0) break;
      lines.push(pending + text.slice(start, end));
      pending = '';
      start = end + 1;
      if (!endsInReturn) continue;
      if (start === text.length) endedInCarriageReturn = true;
      else if (text.startsWith('\n', start)) start += 1;
    }
    pending += text.slice(start);
    if (pending.length > lengthMax) {
      overflowed = true;
      pending = '';
    }
    return lines;
  }

  return {
    push: (bytes) => (overflowed ? [] : split(utf8.decode(bytes, { stream: true }))),
    end() {
      if (overflowed) return [];
      const lines = split(utf8.decode());
      if (pending) lines.push(pending);
      pending = '';
      return lines;
    },
    get overflowed() {
      return overflowed;
    },
  };
}

/** Puts lines together to events. */
export function createEventAssembler(lengthMax = EVENT_LENGTH_MAX) {
  let event = '';
  let data: string | null = null;
  let overflowed = false;

  function dispatch(): SseEvent | null {
    const complete = data === null ? null : { event: event || 'message', data };
    event = '';
    data = null;
    return complete;
  }

  return {
    /** @returns the event that this line ends */
    feed(line: string): SseEvent | null {
      if (line === '') return dispatch();
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      if (field !== 'data' && field !== 'event') return null;
      const value = colon < 0 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
      if (field === 'event') event = value;
      else data = data === null ? value : `${data}\n${value}`;
      if (data !== null && data.length > lengthMax) overflowed = true;
      return null;
    },
    dispatch,
    get overflowed() {
      return overflowed;
    },
  };
}

/** A decoder that hands each whole line to `read`, until something grew beyond its limit. */
export function createLineEventDecoder(parts: {
  lines: ReturnType<typeof createLineDecoder>;
  assembler: ReturnType<typeof createEventAssembler>;
  overflowed: () => boolean;
  /** @returns the events that this line completes */
  read: (line: string) => SseEvent[];
}): EventDecoder {
  const { lines, assembler, overflowed, read } = parts;

  function assemble(decoded: string[]): SseEvent[] {
    const events: SseEvent[] = [];
    for (const line of decoded) {
      const complete = read(line);
      if (overflowed()) break;
      events.push(...complete);
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

export function createSseDecoder(lengthMax = EVENT_LENGTH_MAX): EventDecoder {
  const lines = createLineDecoder(lengthMax);
  const assembler = createEventAssembler(lengthMax);
  return createLineEventDecoder({
    lines,
    assembler,
    overflowed: () => lines.overflowed || assembler.overflowed,
    read: (line) => {
      const complete = assembler.feed(line);
      return complete ? [complete] : [];
    },
  });
}
