/** Plugins and routes, in order. */
import type { AppConfig } from '@cloudfreedom/contracts';
import { type App, createApp, type createLogger, type Tracing } from '@cloudfreedom/service-kit';
import type { Clients } from './oidc/clients.ts';
import type { OpenId } from './oidc/open-id.ts';
import type { PocketBaseClient } from './pocketbase/pocketbase-client.ts';
import { continueSignInRoute } from './routes/continue-sign-in.ts';
import { createApiKeyRoute } from './routes/create-api-key.ts';
import { createClientRoute } from './routes/create-client.ts';
import { deleteClientRoute } from './routes/delete-client.ts';
import { exchangeTokenRoute } from './routes/exchange-token.ts';
import { importRecordsRoute } from './routes/import-records.ts';
import { listClientsRoute } from './routes/list-clients.ts';
import { openIdRoutes } from './routes/open-id.ts';
import { publishKeysRoute } from './routes/publish-keys.ts';
import { publishMetadataRoute } from './routes/publish-metadata.ts';
import { readSignInRoute } from './routes/read-sign-in.ts';
import { rotateClientSecretRoute } from './routes/rotate-client-secret.ts';
import { signInPagesRoutes } from './routes/sign-in-pages.ts';
import type { Keyring } from './signing-keys/keyring.ts';

/** People sign in once here, at the applications of their tenant. */
export interface SignIn {
  openId: OpenId;
  clients: Clients;
  pages: { folder: string; config: AppConfig };
}

const BODY_LIMIT_BYTES = 32 * 1024;

export const VERSION = '0.1.0';

export async function buildApp(parts: {
  logger: ReturnType<typeof createLogger>;
  corsOrigins: string[];
  issuer: string;
  pocketbase: PocketBaseClient;
  keyring: Keyring;
  tracing?: Tracing | undefined;
  /** Missing: no OpenID provider here. */
  signIn?: SignIn;
}): Promise<App> {
  const { logger, corsOrigins, issuer, pocketbase, keyring } = parts;
  const { app } = await createApp({
    service: 'identity',
    version: VERSION,
    logger,
    corsOrigins,
    tracing: parts.tracing,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    ready: async () =>
      (await pocketbase.isReachable()) ? { ready: true } : { ready: false, missing: 'PocketBase is not reachable' },
  });
  await exchangeTokenRoute(app, { pocketbase, keyring, issuer });
  publishKeysRoute(app, keyring);
  publishMetadataRoute(app, issuer);
  createApiKeyRoute(app, pocketbase);
  await importRecordsRoute(app, pocketbase);
  if (parts.signIn) await addSignIn(app, parts.signIn);
  return app;
}

async function addSignIn(app: App, { openId, clients, pages }: SignIn): Promise<void> {
  await openIdRoutes(app, openId);
  await signInPagesRoutes(app, pages);
  readSignInRoute(app, openId);
  continueSignInRoute(app, openId);
  createClientRoute(app, clients);
  listClientsRoute(app, clients);
  rotateClientSecretRoute(app, clients);
  deleteClientRoute(app, clients);
}
