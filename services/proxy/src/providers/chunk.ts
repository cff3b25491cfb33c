/** Writing OpenAI's `chat.completion.chunk` and measuring what of it can be seen. */
import type { JsonObject } from './json.ts';
import type { AnswerContext, StreamChunk } from './provider.ts';

/** UTF-8 bytes of the texts together. */
export function bytesOf(...texts: string[]): number {
  let bytes = 0;
  for (const text of texts) bytes += Buffer.byteLength(text);
  return bytes;
}

/** Serialises only when its text is asked for: a client of another API form gets other events made of it. */
export class LazyChunk implements StreamChunk {
  readonly choices: readonly JsonObject[];
  readonly outputBytes: number;
  readonly #serialise: (choices: readonly JsonObject[]) => string;

  constructor(
    choices: readonly JsonObject[],
    outputBytes: number,
    serialise: (choices: readonly JsonObject[]) => string,
  ) {
    this.choices = choices;
    this.outputBytes = outputBytes;
    this.#serialise = serialise;
  }

  get json(): string {
    return this.#serialise(this.choices);
  }
}

type ChunkWriter = (choice: number, delta: JsonObject, finishReason: string | null, outputBytes: number) => StreamChunk;

/** A writer for one answer: what is the same in every chunk is serialised once. */
export function createChunkWriter(context: AnswerContext): ChunkWriter {
  const head = JSON.stringify({
    id: context.completionId,
    object: 'chat.completion.chunk',
    created: context.created,
    model: context.publicModel,
  }).slice(0, -1);
  const serialise = (choices: readonly JsonObject[]) => `${head},"choices":${JSON.stringify(choices)}}`;
  return (index, delta, finishReason, outputBytes) =>
    new LazyChunk([{ index, delta, logprobs: null, finish_reason: finishReason }], outputBytes, serialise);
}
