/** OpenAI's chunks are the client's own format: their text is passed on as it came wherever nothing has to change. */
import { LazyChunk } from '../chunk.ts';
import { isObject, type JsonObject, objectsIn } from '../json.ts';
import type { AnswerContext, StreamChunk, StreamReader } from '../provider.ts';
import { readServiceTier } from '../service-tier.ts';
import { createSseDecoder, type SseEvent } from '../sse.ts';
import { createStreamReader, emptyState } from '../stream-reader.ts';
import { failureOf } from './error.ts';
import { visibleBytes } from './response.ts';
import { readUsage } from './usage.ts';

const CHOICES_MAX = 128;

/** Exchanges a piece of JSON text that stands there exactly once; null where it doesn't. */
function exchange(text: string, piece: string, replacement: string): string | null {
  const at = text.indexOf(piece);
  if (at < 0 || text.indexOf(piece, at + 1) >= 0) return null;
  return text.slice(0, at) + replacement + text.slice(at + piece.length);
}

/** The chunk's text with the client's model name and without `usage`. An escaped quote can't match either piece. */
function publish(text: string, chunk: JsonObject, publicModel: string | null): string {
  let published: string | null = text;
  if ('usage' in chunk) published = chunk.usage === null ? exchange(published, ',"usage":null', '') : null;
  if (published !== null && publicModel !== null) {
    published = exchange(published, `"model":${JSON.stringify(chunk.model)}`, `"model":${JSON.stringify(publicModel)}`);
  }
  if (published !== null) return published;
  const { usage: _taken, ...kept } = chunk;
  return JSON.stringify(publicModel === null ? kept : { ...kept, model: publicModel });
}

export function createOpenAiStreamReader(context: AnswerContext): StreamReader {
  const state = emptyState();
  const expectedChoices = context.request.n ?? 1;
  const publicModel = context.publicModel === context.upstreamModel ? null : context.publicModel;
  const open = new Set<number>();
  const finished = new Set<number>();
  let done = false;

  /** @returns true where the choice had finished before: its second reason is taken out */
  function note(choice: JsonObject): boolean {
    const index = choice.index;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= CHOICES_MAX) {
      throw new TypeError('a choice without its index');
    }
    if (!finished.has(index)) open.add(index);
    if (typeof choice.finish_reason !== 'string') return false;
    if (finished.has(index)) {
      choice.finish_reason = null;
      return true;
    }
    open.delete(index);
    finished.add(index);
    if (index === 0) state.finishReason = choice.finish_reason;
    state.complete = open.size === 0 && finished.size >= expectedChoices;
    return false;
  }

  function read({ event, data }: SseEvent): StreamChunk[] {
    if (done) return [];
    if (data.trim() === '[DONE]') {
      done = true;
      return [];
    }
    const chunk: unknown = JSON.parse(data);
    if (!isObject(chunk)) throw new TypeError('no object');
    if (event === 'error' || (chunk.error !== undefined && chunk.error !== null)) {
      state.failure = failureOf(chunk.error ?? chunk, 0);
      return [];
    }
    // Azure's first chunk has an empty id.
    if (state.stamp === null && typeof chunk.id === 'string' && chunk.id !== '')
      state.stamp = { id: chunk.id, created: typeof chunk.created === 'number' ? chunk.created : context.created };
    if (isObject(chunk.usage)) state.meters = readUsage(chunk.usage, context) ?? state.meters;
    state.serviceTier = readServiceTier(chunk.service_tier) ?? state.serviceTier;
    // Something between the chunks, such as a gateway's sign of life.
    if (!Array.isArray(chunk.choices)) return [];
    const choices = objectsIn(chunk.choices);
    if (choices.length < chunk.choices.length) throw new TypeError('a choice that is none');
    if (choices.length === 0 && isObject(chunk.usage)) return [];
    let outputBytes = 0;
    let changed = false;
    for (const choice of choices) {
      if (note(choice)) changed = true;
      if (isObject(choice.delta)) outputBytes += visibleBytes(choice.delta);
    }
    // A serialised object no longer has the text's spacing, so `publish` works on its own text.
    const serialise = () => publish(changed ? JSON.stringify(chunk) : data, chunk, publicModel);
    return [new LazyChunk(choices, outputBytes, serialise)];
  }

  return createStreamReader(createSseDecoder(), { state, read, finish: () => [] });
}
