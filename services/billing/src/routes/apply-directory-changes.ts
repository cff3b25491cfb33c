import { directoryWebhook } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { applyChanges, verifySignature } from '../directory/apply-changes.ts';
import { badRequest } from './security.ts';
import type { Services } from './services.ts';

/** In a scope of its own: the signature is over the bytes, so they are kept beside what they were parsed to. */
export async function applyDirectoryChangesRoute(root: App, { pool, webhookSecret }: Services): Promise<void> {
  const schema = {
    summary: "PocketBase's changes to people, plans and models; what is not newer than the copy is passed over",
    security: [{ webhookSignature: [] }],
    body: directoryWebhook,
    response: { 200: z.object({ applied: z.number().int() }), ...badRequest },
  };
  await root.register(async (scope) => {
    const app = scope as App;
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      try {
        const { 'x-signature': signature } = request.headers;
        verifySignature(webhookSecret, body as Buffer, typeof signature === 'string' ? signature : undefined);
        done(null, JSON.parse(body.toString('utf8')));
      } catch (error) {
        done(error as Error);
      }
    });
    app.post('/internal/directory', { schema }, async (request) => ({
      applied: await applyChanges(pool, request.body.changes),
    }));
  });
}
