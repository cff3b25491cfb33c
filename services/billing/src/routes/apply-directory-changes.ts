import { directoryWebhook } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { applyChanges } from '../directory/apply-changes.ts';
import { badRequest } from './security.ts';
import type { Services } from './services.ts';

/** In the scope of what PocketBase signs. */
export function applyDirectoryChangesRoute(app: App, { pool, onPersonGone }: Services): void {
  const schema = {
    summary: "PocketBase's changes to people, plans and models; what is not newer than the copy is passed over",
    security: [{ webhookSignature: [] }],
    body: directoryWebhook,
    response: { 200: z.object({ applied: z.number().int() }), ...badRequest },
  };
  app.post('/internal/directory', { schema }, async (request) => {
    const { changes } = request.body;
    const applied = await applyChanges(pool, changes);
    if (changes.some(({ collection, record }) => collection === 'users' && record === null)) onPersonGone();
    return { applied };
  });
}
