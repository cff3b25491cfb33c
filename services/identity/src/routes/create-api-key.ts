import { apiKeyCreateRequest, apiKeyCreateResponse, errorBody } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { createApiKey } from '../api-keys/create-api-key.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { sessionOf } from './session-of.ts';

export function createApiKeyRoute(app: App, pocketbase: PocketBaseClient): void {
  app.post(
    '/v1/api-keys',
    {
      schema: {
        summary: 'Make an API key for oneself; bearer: a PocketBase session. The key is shown this once',
        body: apiKeyCreateRequest,
        response: { 200: apiKeyCreateResponse, 400: errorBody, 401: errorBody, 403: errorBody, 503: errorBody },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      reply.header('cache-control', 'no-store');
      return createApiKey(pocketbase, session, request.body);
    },
  );
}
