/** What a client of ours would have after an answer, streamed or not: the same shape for both. */
import type { MeterCounts } from '@cloudfreedom/contracts';
import type { AnswerContext, ProviderAdapter, StreamChunk, StreamState } from '../../src/providers/provider.ts';

// biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
type Json = any;

export interface ObservedChoice {
  text: string;
  reasoning: string;
  refusal: string;
  /** Arguments of OpenAI's legacy form. */
  functionCall: string;
  toolCalls: Json[];
  thinkingBlocks: Json[];
  messageSignatures: number;
  finishReasons: string[];
}

export interface Observed {
  choices: ObservedChoice[];
  meters: MeterCounts | null;
  finishReason: string | null;
  outputBytes: number;
}

export interface ObservedStream extends Observed {
  chunks: StreamChunk[];
  state: StreamState;
}

const emptyChoice = (): ObservedChoice => ({
  text: '',
  reasoning: '',
  refusal: '',
  functionCall: '',
  toolCalls: [],
  thinkingBlocks: [],
  messageSignatures: 0,
  finishReasons: [],
});

function addMessage(choice: ObservedChoice, message: Json): void {
  choice.text += message.content ?? '';
  choice.reasoning += message.reasoning_content ?? '';
  choice.refusal += message.refusal ?? '';
  choice.functionCall += message.function_call?.arguments ?? '';
  choice.thinkingBlocks.push(...(message.thinking_blocks ?? []));
  if (message.extra_content?.google?.thought_signature) choice.messageSignatures += 1;
}

function addToolCalls(choice: ObservedChoice, pieces: Json[]): void {
  for (const piece of pieces) {
    const call = choice.toolCalls[piece.index];
    if (!call) choice.toolCalls[piece.index] = structuredClone(piece);
    else call.function.arguments += piece.function?.arguments ?? '';
  }
}

/** The choices of a `chat.completion`. */
export function choicesOf(completion: Json): ObservedChoice[] {
  const choices: ObservedChoice[] = [];
  for (const raw of completion.choices as Json[]) {
    const choice = emptyChoice();
    addMessage(choice, raw.message);
    choice.toolCalls = raw.message.tool_calls ?? [];
    if (raw.finish_reason) choice.finishReasons.push(raw.finish_reason);
    choices[raw.index] = choice;
  }
  return choices;
}

/** The choices that the `chat.completion.chunk`s of a stream add up to. */
export function choicesOfChunks(chunks: Json[]): ObservedChoice[] {
  const choices: ObservedChoice[] = [];
  for (const chunk of chunks) {
    for (const raw of chunk.choices) {
      choices[raw.index] ??= emptyChoice();
      const choice = choices[raw.index] as ObservedChoice;
      addMessage(choice, raw.delta ?? {});
      addToolCalls(choice, raw.delta?.tool_calls ?? []);
      if (raw.finish_reason) choice.finishReasons.push(raw.finish_reason);
    }
  }
  return choices;
}

export function observeAnswer(adapter: ProviderAdapter, body: string, context: AnswerContext): Observed {
  const answer = adapter.readAnswer(body, context);
  if ('failure' in answer) throw new Error(`a failure: ${JSON.stringify(answer.failure)}`);
  const choices = choicesOf(answer.completion);
  return { choices, meters: answer.meters, finishReason: answer.finishReason, outputBytes: answer.outputBytes };
}

/** Sorted cuts, each a byte offset of the body. */
export function cutBytes(body: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const offsets = [0, ...cuts.filter((cut) => cut > 0 && cut < body.length), body.length];
  return offsets.slice(1).map((end, index) => body.subarray(offsets[index], end));
}

export function observeStream(
  adapter: ProviderAdapter,
  pieces: readonly Uint8Array[],
  context: AnswerContext,
): ObservedStream {
  const reader = adapter.createStreamReader(context);
  const chunks = pieces.flatMap((piece) => reader.push(piece));
  chunks.push(...reader.end());
  const choices = choicesOfChunks(chunks.map(({ json }) => JSON.parse(json)));
  const { state } = reader;
  const outputBytes = chunks.reduce((bytes, chunk) => bytes + chunk.outputBytes, 0);
  return { choices, meters: state.meters, finishReason: state.finishReason, outputBytes, chunks, state };
}
