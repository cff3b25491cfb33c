import type { ProviderAdapter } from '../provider.ts';
import { counting } from './count-tokens.ts';
import { geminiEmbeddings } from './embedding.ts';
import { readError } from './error.ts';
import { buildRequest } from './request.ts';
import { readAnswer } from './response.ts';
import { createGeminiStreamReader } from './stream.ts';

/** Below a base URL without a version path. */
export const gemini: ProviderAdapter = {
  name: 'gemini',
  buildRequest,
  authenticate: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  readAnswer,
  createStreamReader: createGeminiStreamReader,
  responses: null,
  embeddings: geminiEmbeddings,
  readError,
  counting,
};
