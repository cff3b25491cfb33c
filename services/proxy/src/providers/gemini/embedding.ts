/** Gemini's batchEmbedContents. It sends numbers; base64 is made of them where the client wants it. */
import { type EmbeddingRequest, inputsOf, isEmbedding } from '../embedding.ts';
import { malformedAnswer } from '../failure.ts';
import { countIn, isObject, objectsIn, parseJson } from '../json.ts';
import type { EmbeddingAdapter, EmbeddingAnswer, UpstreamFailure, UpstreamRequest } from '../provider.ts';
import { translate, UnsupportedField } from '../request-fields.ts';
import { PROVIDER } from './contents.ts';
import { failureOf } from './error.ts';

const BATCH_MAX = 100;
const TRANSLATED = ['model', 'input', 'encoding_format', 'dimensions'];
/** Names a person to OpenAI; Gemini has no use for it. */
const BOOKKEEPING = ['user'];

function textsOf(request: EmbeddingRequest): string[] {
  const texts = inputsOf(request).map((input) => {
    if (typeof input === 'string') return input;
    throw new UnsupportedField('input', `${PROVIDER} embeds texts, not tokens: send strings.`);
  });
  if (texts.length > BATCH_MAX)
    throw new UnsupportedField('input', `${PROVIDER} embeds at most ${BATCH_MAX} texts at a time.`);
  return texts;
}

function checkKnown(request: EmbeddingRequest): void {
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined || value === null || TRANSLATED.includes(field) || BOOKKEEPING.includes(field)) continue;
    throw new UnsupportedField(field, `${PROVIDER} has no counterpart of '${field}' for embeddings; leave it out.`);
  }
}

function readAnswer(body: string, inputs: number): EmbeddingAnswer | { failure: UpstreamFailure } {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (isObject(parsed.error)) return { failure: failureOf(parsed.error, 0) };
  const embeddings = objectsIn(parsed.embeddings).map(({ values }) => values);
  if (embeddings.length !== inputs || !embeddings.every(isEmbedding))
    return { failure: malformedAnswer('The provider sent other embeddings than were asked for.') };
  const tokens = isObject(parsed.usageMetadata) ? countIn(parsed.usageMetadata.promptTokenCount) : undefined;
  return { embeddings, model: null, meters: tokens === undefined ? null : { uncached_input: tokens } };
}

export const geminiEmbeddings: EmbeddingAdapter = {
  buildRequest: ({ request, upstreamModel }) =>
    translate((): UpstreamRequest => {
      checkKnown(request);
      const model = upstreamModel.replace(/^models\//, '');
      const requests = textsOf(request).map((text) => ({
        model: `models/${model}`,
        content: { parts: [{ text }] },
        ...(request.dimensions ? { outputDimensionality: request.dimensions } : {}),
      }));
      return {
        path: `/v1beta/models/${encodeURIComponent(model)}:batchEmbedContents`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ requests }),
      };
    }),
  readAnswer,
};
