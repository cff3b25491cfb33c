import { listedModel } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Parts } from '../inference/parts.ts';
import { findModel } from '../models/list-models.ts';

export function addGetModel(app: App, parts: Parts): void {
  const params = z.object({ id: z.string().min(1).max(200) });
  app.get(
    '/v1/models/:id',
    { schema: { summary: 'One model that the caller may use', params, response: { 200: listedModel } } },
    async (request) => findModel(parts, request.headers.authorization, request.params.id),
  );
}
