import { listedModels } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Parts } from '../inference/parts.ts';
import { listModels } from '../models/list-models.ts';

export function addListModels(app: App, parts: Parts): void {
  app.get(
    '/v1/models',
    { schema: { summary: 'Models that the caller may use', response: { 200: listedModels } } },
    async (request) => ({
      object: 'list' as const,
      data: await listModels(parts, request.headers.authorization),
    }),
  );
}
