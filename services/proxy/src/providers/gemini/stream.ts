import { bytesOf, createChunkWriter } from '../chunk.ts';
import { annotationsOf } from '../citation.ts';
import { isObject, type JsonObject, objectsIn, textIn } from '../json.ts';
import type { AnswerContext, StreamChunk, StreamReader } from '../provider.ts';
import { readServiceTier } from '../service-tier.ts';
import { EVENT_LENGTH_MAX, type SseEvent } from '../sse.ts';
import { createStreamReader, emptyState } from '../stream-reader.ts';
import { failureOf } from './error.ts';
import { createGeminiDecoder } from './framing.ts';
import { citationsOf, createSearchCount } from './grounding.ts';
import { addPiece } from './partial-arguments.ts';
import {
  callId,
  fieldsOf,
  finishReasonOf,
  isBlocked,
  partsOf,
  type Reading,
  readPart,
  takesCall,
  toolCallOf,
} from './response.ts';
import { readUsage } from './usage.ts';

const CHOICES_MAX = 128;

/** A call whose arguments are still coming. */
interface OpenCall {
  id: string;
  name: string;
  args: JsonObject;
  signature: string;
  length: number;
}

interface Choice {
  started: boolean;
  calls: number;
  open: OpenCall | null;
  /** Gemini's word, kept back until the stream ends: it may come with every event, and calls may follow it. */
  finishReason: string;
  /** The whole text, kept only where a search was asked for: its citations come last and name places in it. */
  text: string;
  grounding: unknown;
}

export function createGeminiStreamReader(context: AnswerContext): StreamReader {
  const state = emptyState();
  const write = createChunkWriter(context);
  const choices = new Map<number, Choice>();
  const searches = createSearchCount(context.upstreamModel);
  let usage: JsonObject = {};

  function choiceAt(index: unknown, position: number): [number, Choice] {
    const at = index === undefined ? position : index;
    if (typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at >= CHOICES_MAX) throw new RangeError('index');
    const choice = choices.get(at) ?? {
      started: false,
      calls: 0,
      open: null,
      finishReason: '',
      text: '',
      grounding: null,
    };
    choices.set(at, choice);
    return [at, choice];
  }

  /** @returns the call where this part completes one, with its place among the choice's calls */
  function readCall(at: number, choice: Choice, part: JsonObject) {
    const call = part.functionCall;
    if (!isObject(call)) return null;
    const name = textIn(call.name);
    if (name || !choice.open) {
      const id = textIn(call.id) || callId(context, at, choice.calls);
      choice.open = { id, name, args: {}, signature: '', length: 0 };
    }
    const { open } = choice;
    open.signature = textIn(part.thoughtSignature) || open.signature;
    if (isObject(call.args)) open.args = { ...open.args, ...call.args };
    for (const piece of objectsIn(call.partialArgs)) {
      open.length += textIn(piece.stringValue).length + 1;
      if (open.length > EVENT_LENGTH_MAX) throw new RangeError('endless arguments');
      addPiece(open.args, piece);
    }
    return call.willContinue === true ? null : closeCall(choice);
  }

  function closeCall(choice: Choice) {
    const { open } = choice;
    choice.open = null;
    // Without a name there was nothing to call: a stray end mark.
    if (!open?.name || !takesCall(context, choice.calls)) return null;
    choice.calls += 1;
    return { index: choice.calls - 1, ...toolCallOf(open) };
  }

  function readCandidate(candidate: JsonObject, position: number): StreamChunk[] {
    const [at, choice] = choiceAt(candidate.index, position);
    searches.note(candidate);
    const reading: Reading = { text: '', reasoning: '', images: [], signature: '' };
    const calls: JsonObject[] = [];
    let bytes = 0;
    for (const part of partsOf(candidate)) {
      readPart(part, reading);
      const call = readCall(at, choice, part);
      if (!call) continue;
      calls.push(call);
      bytes += bytesOf(call.function.arguments);
    }
    if (context.request.web_search_options) {
      choice.text += reading.text;
      choice.grounding = candidate.groundingMetadata ?? choice.grounding;
    }
    choice.finishReason = textIn(candidate.finishReason) || choice.finishReason;
    const delta = {
      ...(choice.started ? {} : { role: 'assistant', content: '' }),
      ...fieldsOf(reading),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    choice.started = true;
    if (Object.keys(delta).length === 0) return [];
    return [write(at, delta, null, bytes + bytesOf(reading.text, reading.reasoning))];
  }

  function noteState(): void {
    const all = [...choices.values()];
    state.complete = all.length > 0 && all.every((choice) => choice.finishReason !== '');
    const first = choices.get(0);
    if (first?.finishReason)
      state.finishReason = finishReasonOf(first.finishReason, first.calls > 0 || first.open !== null);
    state.meters = readUsage(usage, state.complete, searches.calls);
    state.serviceTier = readServiceTier(usage.serviceTier);
  }

  function read({ data }: SseEvent): StreamChunk[] {
    if (data.trim() === '[DONE]') return [];
    const event: unknown = JSON.parse(data);
    if (!isObject(event)) throw new TypeError('no object');
    if (event.error !== undefined && event.error !== null) {
      state.failure = failureOf(event.error, 0);
      return [];
    }
    if (isObject(event.usageMetadata)) usage = { ...usage, ...event.usageMetadata };
    const candidates = objectsIn(event.candidates);
    if (candidates.length === 0 && choices.size === 0 && isBlocked(event)) candidates.push({ finishReason: 'SAFETY' });
    const chunks = candidates.flatMap(readCandidate);
    noteState();
    return chunks;
  }

  /** Calls that were left open, and each choice's one finish reason. */
  function finish(): StreamChunk[] {
    if (!state.complete) return [];
    const chunks: StreamChunk[] = [];
    for (const [at, choice] of [...choices].sort(([a], [b]) => a - b)) {
      const call = closeCall(choice);
      if (call) chunks.push(write(at, { tool_calls: [call] }, null, bytesOf(call.function.arguments)));
      const { annotations } = annotationsOf(citationsOf(choice.text, choice.grounding));
      if (annotations) chunks.push(write(at, { annotations }, null, 0));
      chunks.push(write(at, {}, finishReasonOf(choice.finishReason, choice.calls > 0), 0));
    }
    noteState();
    return chunks;
  }

  return createStreamReader(createGeminiDecoder(), { state, read, finish });
}
