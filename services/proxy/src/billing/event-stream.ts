/** Billing's event stream: bytes in, events and ids out. */
import { type DirectoryEvent, directoryEvent } from '@cloudfreedom/contracts';
import { createLineDecoder } from '../providers/sse.ts';

const LINE_LENGTH_MAX = 64 * 1024;
/** A newer billing may say what this version doesn't know: then anything may have changed. */
const RESET: DirectoryEvent = { kind: 'reset', id: '' };

export interface EventStreamReader {
  push(bytes: Uint8Array): void;
}

function parseEvent(data: string): DirectoryEvent {
  try {
    return directoryEvent.parse(JSON.parse(data));
  } catch {
    return RESET;
  }
}

/** @param onPosition after the events before it: reading on behind this id misses nothing */
export function createEventStreamReader(
  onEvent: (event: DirectoryEvent) => void,
  onPosition: (id: string) => void,
): EventStreamReader {
  const lines = createLineDecoder(LINE_LENGTH_MAX);
  let id: string | undefined;
  const read = (line: string) => {
    if (line.startsWith('id: ')) id = line.slice('id: '.length);
    else if (line.startsWith('data: ')) onEvent(parseEvent(line.slice('data: '.length)));
    else if (line === '' && id !== undefined) onPosition(id);
  };
  return {
    push: (bytes) => {
      for (const line of lines.push(bytes)) read(line);
      if (lines.overflowed) throw new Error('a line of the event stream is too long');
    },
  };
}
