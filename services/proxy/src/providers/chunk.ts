/** Writing OpenAI's `chat.completion.chunk` and measuring what of it can be seen. */
import type { AnswerContext, StreamChunk } from './provider.ts';

/** UTF-8 bytes of the texts together. */
export function bytesOf(...texts: string[]): number {
  let bytes = 0;
  for (const text of texts) bytes += Buffer.byteLength(text);
  return bytes;
}

export type ChunkWriter = (
  choice: number,
  delta: Record<string, unknown>,
  finishReason: string | null,
  outputBytes: number,
) => StreamChunk;

/** A writer for one answer: what is the same in every chunk is serialised once. */
export function createChunkWriter(context: AnswerContext): ChunkWriter {
  const head = JSON.stringify({
    id: context.completionId,
    object: 'chat.completion.chunk',
    created: context.created,
    model: context.publicModel,
  }).slice(0, -1);
  return (choice, delta, finishReason, outputBytes) => ({
    json: `${head},"choices":[{"index":${choice},"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]}`,
    outputBytes,
  });
}
