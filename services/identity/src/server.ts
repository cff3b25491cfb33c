import { createLogger, main, runService, startTracing } from '@cloudfreedom/service-kit';
import { buildApp, VERSION } from './app.ts';
import { loadConfig } from './config.ts';
import { openSignIn } from './oidc/open-sign-in.ts';
import { createPocketBaseClient } from './pocketbase/pocketbase-client.ts';
import { openKeyring } from './signing-keys/keyring.ts';

main(async () => {
  const config = loadConfig();
  const logger = createLogger('identity', config.LOG_LEVEL);
  const keyring = await openKeyring({
    file: config.SIGNING_KEYS_FILE,
    onFault: (error) =>
      logger.error({ err: error }, 'signing keys: the file is not usable; signing on with those known'),
  });
  const pocketbase = createPocketBaseClient({ url: config.POCKETBASE_URL, internalSecret: config.INTERNAL_SECRET });
  const signIn = await openSignIn(config, { logger, keyring, pocketbase });
  const tracing = await startTracing({ name: 'identity', version: VERSION, logger }, config);
  const app = await buildApp({
    logger,
    tracing,
    corsOrigins: config.CORS_ORIGINS,
    issuer: config.IDENTITY_ISSUER,
    pocketbase,
    keyring,
    ...(signIn && { signIn }),
  });
  await runService(app, {
    logger,
    host: config.HOST,
    port: config.PORT,
    drainMs: config.STOP_DRAIN_MS,
    graceMs: config.STOP_GRACE_MS,
    release: async () => {
      keyring.close();
      await signIn?.close();
    },
  });
});
