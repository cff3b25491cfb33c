/** Reads `GET /v1/events` as a proxy does. */
import { type DirectoryEvent, directoryEvent } from '@cloudfreedom/contracts';

export interface EventReader {
  status: number;
  events: DirectoryEvent[];
  /** Of the last `id:` line. */
  lastEventId: string;
  /** The stream is over, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}

export async function readEventStream(url: string, token: string, lastEventId?: string): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(`${url}/v1/events`, {
    headers: { authorization: `Bearer ${token}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: abort.signal,
  });
  const read = async () => {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const line of frames.flatMap((frame) => frame.split('\n'))) {
        if (line.startsWith('id: ')) reader.lastEventId = line.slice(4);
        if (line.startsWith('data: ')) reader.events.push(directoryEvent.parse(JSON.parse(line.slice(6))));
      }
    }
  };
  const reader: EventReader = {
    status: response.status,
    events: [],
    lastEventId: '',
    ended: Promise.resolve(),
    close: async () => {
      abort.abort();
      await reader.ended;
    },
  };
  reader.ended = read().catch(() => undefined);
  return reader;
}
