import { listedModels } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Parts } from '../inference/parts.ts';
import { anthropicPage, anthropicPageOf, pageQuery } from '../models/anthropic-list.ts';
import { listModels } from '../models/list-models.ts';
import { isAnthropicClient } from './anthropic-client.ts';
import { presentedBy } from './authorization.ts';

export function addListModels(app: App, parts: Parts): void {
  app.get(
    '/v1/models',
    {
      schema: {
        summary: "Models that the caller may use (with anthropic-version: in Anthropic's form)",
        querystring: pageQuery,
        response: { 200: z.union([listedModels, anthropicPage]) },
      },
    },
    async (request) => {
      const models = await listModels(parts, presentedBy(request.headers));
      if (isAnthropicClient(request)) return anthropicPageOf(models, request.query);
      return { object: 'list' as const, data: models };
    },
  );
}
