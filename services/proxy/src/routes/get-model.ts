import { listedModel } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Parts } from '../inference/parts.ts';
import { anthropicModel, anthropicModelOf } from '../models/anthropic-list.ts';
import { findModel } from '../models/list-models.ts';
import { isAnthropicClient } from './anthropic-client.ts';
import { presentedBy } from './authorization.ts';

export function addGetModel(app: App, parts: Parts): void {
  const params = z.object({ id: z.string().min(1).max(200) });
  app.get(
    '/v1/models/:id',
    {
      schema: {
        summary: 'One model that the caller may use',
        params,
        response: { 200: z.union([listedModel, anthropicModel]) },
      },
    },
    async (request) => {
      const model = await findModel(parts, presentedBy(request.headers), request.params.id);
      return isAnthropicClient(request) ? anthropicModelOf(model) : model;
    },
  );
}
