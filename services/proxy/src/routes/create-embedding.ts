import type { App } from '@cloudfreedom/service-kit';
import type { Parts } from '../inference/parts.ts';
import { EMBEDDING_TOKENS_MAX, embeddingRequest } from '../providers/embedding.ts';
import { embeddings } from '../surfaces/embeddings/index.ts';
import { addAnswerRoute } from './answer-route.ts';

export function addCreateEmbedding(app: App, parts: Parts): void {
  addAnswerRoute(app, parts, {
    path: '/v1/embeddings',
    summary: 'Make vectors of texts (OpenAI)',
    body: embeddingRequest,
    // A text may come as its tokens.
    listItemsMax: EMBEDDING_TOKENS_MAX,
    read: embeddings,
  });
}
