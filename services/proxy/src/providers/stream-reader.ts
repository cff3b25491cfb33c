/** The frame of every stream reader: a fault ends the stream with a failure, it never throws into the relay. */
import { malformedAnswer } from './failure.ts';
import type { StreamReader, StreamState } from './provider.ts';
import type { EventDecoder, SseEvent } from './sse.ts';

export interface EventReader<Chunk> {
  /** @throws anything where the event can't be read */
  read(event: SseEvent): Chunk[];
  /** The stream ended without a failure: what was kept back. */
  finish(): Chunk[];
  state: StreamState;
}

export function emptyState(): StreamState {
  return { complete: false, meters: null, serviceTier: null, finishReason: null, stamp: null, failure: null };
}

export function createStreamReader<Chunk>(decoder: EventDecoder, reader: EventReader<Chunk>): StreamReader<Chunk> {
  const { state } = reader;

  function fail(message: string) {
    state.failure = malformedAnswer(message);
  }

  function readAll(events: SseEvent[], cut: boolean): Chunk[] {
    const chunks: Chunk[] = [];
    for (const event of events) {
      if (state.failure) break;
      try {
        for (const chunk of reader.read(event)) chunks.push(chunk);
      } catch {
        // The last event of a cut stream is rarely whole: that is an incomplete answer, not a malformed one.
        if (!cut) fail('The provider sent an event that could not be read.');
      }
    }
    if (decoder.overflowed && !state.failure) fail('The provider sent an event that is too large.');
    if (state.failure) state.complete = false;
    return chunks;
  }

  return {
    push: (bytes) => (state.failure ? [] : readAll(decoder.push(bytes), false)),
    end() {
      if (state.failure) return [];
      const chunks = readAll(decoder.end(), true);
      return state.failure ? chunks : [...chunks, ...reader.finish()];
    },
    state,
  };
}
