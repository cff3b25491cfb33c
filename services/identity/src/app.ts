/** Plugins and routes, in order. */
import { type App, createApp, type createLogger } from '@cloudfreedom/service-kit';
import type { PocketBaseClient } from './pocketbase/pocketbase-client.ts';
import { createApiKeyRoute } from './routes/create-api-key.ts';
import { exchangeTokenRoute } from './routes/exchange-token.ts';
import { importRecordsRoute } from './routes/import-records.ts';
import { publishKeysRoute } from './routes/publish-keys.ts';
import { publishMetadataRoute } from './routes/publish-metadata.ts';
import type { Keyring } from './signing-keys/keyring.ts';

const BODY_LIMIT_BYTES = 32 * 1024;

export async function buildApp(parts: {
  logger: ReturnType<typeof createLogger>;
  corsOrigins: string[];
  issuer: string;
  pocketbase: PocketBaseClient;
  keyring: Keyring;
}): Promise<App> {
  const { logger, corsOrigins, issuer, pocketbase, keyring } = parts;
  const { app } = await createApp({
    service: 'identity',
    version: '0.1.0',
    logger,
    corsOrigins,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    ready: async () =>
      (await pocketbase.isReachable()) ? { ready: true } : { ready: false, missing: 'PocketBase is not reachable' },
  });
  await exchangeTokenRoute(app, { pocketbase, keyring, issuer });
  publishKeysRoute(app, keyring);
  publishMetadataRoute(app, issuer);
  createApiKeyRoute(app, pocketbase);
  await importRecordsRoute(app, pocketbase);
  return app;
}
