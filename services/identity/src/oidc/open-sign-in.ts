/** The OpenID provider with its database, where one is configured. */
import path from 'node:path';
import { createPool, type Logger, migrate } from '@cloudfreedom/service-kit';
import type { SignIn } from '../app.ts';
import type { Config } from '../config.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import type { Keyring } from '../signing-keys/keyring.ts';
import { createClients } from './clients.ts';
import { keepForgetting } from './forget-erased.ts';
import { createOpenId } from './open-id.ts';

const MIGRATIONS = path.join(import.meta.dirname, '..', '..', 'migrations');

export async function openSignIn(
  config: Config,
  parts: { logger: Logger; keyring: Keyring; pocketbase: PocketBaseClient },
): Promise<(SignIn & { close(): Promise<void> }) | undefined> {
  const { DATABASE_URL, OIDC_COOKIE_SECRET, SIGN_IN_PAGES_DIR, SIGN_IN_CONFIG } = config;
  if (!DATABASE_URL || !OIDC_COOKIE_SECRET || !SIGN_IN_PAGES_DIR || !SIGN_IN_CONFIG) return undefined;
  await migrate(DATABASE_URL, MIGRATIONS, parts.logger, { schema: 'identity' });
  const pool = createPool(DATABASE_URL, { applicationName: 'identity' });
  const openId = createOpenId({ ...parts, pool, issuer: config.IDENTITY_ISSUER, cookieSecret: OIDC_COOKIE_SECRET });
  const stopForgetting = keepForgetting({ ...parts, pool });
  return {
    openId,
    clients: createClients(pool, parts.pocketbase),
    pages: { folder: SIGN_IN_PAGES_DIR, config: SIGN_IN_CONFIG },
    close: async () => {
      openId.close();
      await stopForgetting();
      await pool.end();
    },
  };
}
