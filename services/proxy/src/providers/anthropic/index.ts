import type { ProviderAdapter } from '../provider.ts';
import { counting } from './count-tokens.ts';
import { readError } from './error.ts';
import { buildRequest } from './request.ts';
import { readAnswer } from './response.ts';
import { createAnthropicStreamReader } from './stream.ts';

/** Below a base URL without a version path. */
export const anthropic: ProviderAdapter = {
  name: 'anthropic',
  buildRequest,
  authenticate: (apiKey) => ({ 'x-api-key': apiKey }),
  readAnswer,
  createStreamReader: createAnthropicStreamReader,
  responses: null,
  embeddings: null,
  readError,
  counting,
};
