import type { App } from '@cloudfreedom/service-kit';
import { verifySignature } from '../directory/apply-changes.ts';

/** A scope for what PocketBase signs: the signature is over the bytes, and is checked before they are parsed. */
export async function inSignedScope(root: App, secret: string, addRoutes: (app: App) => void): Promise<void> {
  await root.register(async (scope) => {
    const app = scope as App;
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      try {
        const { 'x-signature': signature } = request.headers;
        verifySignature(secret, body as Buffer, typeof signature === 'string' ? signature : undefined);
        done(null, JSON.parse(body.toString('utf8')));
      } catch (error) {
        done(error as Error);
      }
    });
    addRoutes(app);
  });
}
