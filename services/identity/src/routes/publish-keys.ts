import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Keyring } from '../signing-keys/keyring.ts';
import { publicKey } from '../signing-keys/signing-key.ts';

const CACHE_SECONDS = 300;
const jwks = z.object({ keys: z.array(publicKey) });

export function publishKeysRoute(app: App, keyring: Keyring): void {
  app.get(
    '/.well-known/jwks.json',
    { schema: { summary: 'Public keys that access tokens are checked with', response: { 200: jwks } } },
    async (_request, reply) => {
      reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`);
      return { keys: await keyring.published() };
    },
  );
}
