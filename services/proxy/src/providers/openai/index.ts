import type { ProviderAdapter } from '../provider.ts';
import { openaiEmbeddings } from './embedding.ts';
import { readError } from './error.ts';
import { buildRequest } from './request.ts';
import { readAnswer } from './response.ts';
import { openaiResponses } from './responses.ts';
import { createOpenAiStreamReader } from './stream.ts';

/** Below a base URL that ends in `/v1`. */
export const openai: ProviderAdapter = {
  name: 'openai',
  buildRequest,
  authenticate: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  readAnswer,
  createStreamReader: createOpenAiStreamReader,
  responses: openaiResponses,
  embeddings: openaiEmbeddings,
  readError,
};
