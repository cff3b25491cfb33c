/** OpenAI's embeddings: input only, no output tokens, never streamed. */
import { type EmbeddingRequest, encodeEmbedding, inputsOf } from '../../providers/embedding.ts';
import type { EmbeddingAnswer, Unsupported } from '../../providers/provider.ts';
import { noExtras } from '../extras.ts';
import { emptySize, type InputSize } from '../input-size.ts';
import type { ClientRequest, Ending, Translation, TranslationOrder } from '../surface.ts';

export function embeddings(request: EmbeddingRequest): ClientRequest {
  const inputs = inputsOf(request);
  return {
    model: request.model,
    kind: 'embedding',
    streamed: false,
    measure: () => ({
      input: measure(inputs),
      inputField: 'input',
      schemaField: null,
      outputTokensWanted: 0,
      outputTokensMin: 0,
      outputHidden: false,
      choices: 1,
      extras: noExtras(),
    }),
    translate: (order) => translation(request, inputs.length, order),
  };
}

/** A token of a list counts as a byte: both are at least one. */
function measure(inputs: (string | number[])[]): InputSize {
  const size = emptySize();
  size.messages = inputs.length;
  size.contexts = inputs.length;
  for (const input of inputs) size.textBytes += typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  return size;
}

function translation(request: EmbeddingRequest, inputs: number, order: TranslationOrder): Translation {
  const { upstreamModel, name } = order.deployment.model;
  const { embeddings: adapter } = order.adapter;
  const never = () => {
    throw new Error('nothing was asked of this provider');
  };
  if (!adapter) return { buildRequest: () => ({ unsupported: NONE_HERE }), readAnswer: never, createStream: never };
  return {
    buildRequest: () => adapter.buildRequest({ request, upstreamModel }),
    readAnswer(body) {
      const answer = adapter.readAnswer(body, inputs);
      if ('failure' in answer) return answer;
      const model = name === upstreamModel ? (answer.model ?? name) : name;
      const write = (ending: Ending) => bodyOf(answer, { model, format: request.encoding_format ?? 'float', ending });
      return { meters: answer.meters, serviceTier: null, finishReason: null, outputBytes: 0, write };
    },
    createStream: never,
  };
}

const NONE_HERE: Unsupported = { param: 'model', message: "This model's provider makes no embeddings." };

function bodyOf(
  { embeddings: made }: EmbeddingAnswer,
  { model, format, ending }: { model: string; format: 'float' | 'base64'; ending: Ending },
): string {
  const data = made.map((embedding, index) => ({
    object: 'embedding',
    index,
    embedding: encodeEmbedding(embedding, format),
  }));
  const tokens = ending.meters.uncached_input ?? 0;
  const usage = { prompt_tokens: tokens, total_tokens: tokens, ...(ending.note ? { cloudfreedom: ending.note } : {}) };
  return JSON.stringify({ object: 'list', data, model, usage });
}
