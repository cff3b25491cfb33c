import { isEmbedding } from '../embedding.ts';
import { malformedAnswer } from '../failure.ts';
import { countIn, isObject, type JsonObject, objectsIn, parseJson } from '../json.ts';
import type { EmbeddingAdapter, EmbeddingAnswer, UpstreamFailure } from '../provider.ts';
import { failureOf } from './error.ts';

function readAnswer(body: string, inputs: number): EmbeddingAnswer | { failure: UpstreamFailure } {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (parsed.error !== undefined && parsed.error !== null) return { failure: failureOf(parsed.error, 0) };
  const embeddings = inOrder(objectsIn(parsed.data)).map(({ embedding }) => embedding);
  if (embeddings.length !== inputs || !embeddings.every(isEmbedding))
    return { failure: malformedAnswer('The provider sent other embeddings than were asked for.') };
  const tokens = isObject(parsed.usage) ? countIn(parsed.usage.prompt_tokens) : undefined;
  return {
    embeddings,
    model: typeof parsed.model === 'string' ? parsed.model : null,
    meters: tokens === undefined ? null : { uncached_input: tokens },
  };
}

function inOrder(data: JsonObject[]): JsonObject[] {
  return data.toSorted((a, b) => Number(a.index ?? 0) - Number(b.index ?? 0));
}

/** OpenAI's embeddings are the client's own form. */
export const openaiEmbeddings: EmbeddingAdapter = {
  buildRequest: ({ request, upstreamModel }) => ({
    path: '/embeddings',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, model: upstreamModel }),
  }),
  readAnswer,
};
