/** Platform admins make, list and end the applications that a tenant's people sign in to. */
import { randomBytes } from 'node:crypto';
import type { OidcClient, oidcClientCreateRequest } from '@cloudfreedom/contracts';
import { commonError, type Pool, sha256Hex } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { NO_ACCESS, NO_SESSION } from '../pocketbase/no-access.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { type ClientRow, changeClientSecret, deleteClient, insertClient, listClients } from './client.store.ts';

const ONLY_PLATFORM_ADMINS = {
  message: 'Only platform admins see and change the applications of a tenant.',
  german: 'Nur Plattform-Admins sehen und ändern die Anwendungen eines Mandanten.',
};
const NO_CLIENT = {
  message: 'This tenant has no such application.',
  german: 'Dieser Mandant hat keine solche Anwendung.',
};

const shown = ({ tenantId: _, secretSha256: _secret, createdAt, ...client }: ClientRow): OidcClient => ({
  ...client,
  createdAt: createdAt.toISOString(),
});

export interface Clients {
  create(
    session: string,
    tenantId: string,
    wish: z.output<typeof oidcClientCreateRequest>,
  ): Promise<OidcClient & { secret: string }>;
  list(session: string, tenantId: string): Promise<OidcClient[]>;
  /** The old secret ends at once. */
  rotateSecret(session: string, tenantId: string, id: string): Promise<string>;
  /** With it the sessions that people have at it. */
  delete(session: string, tenantId: string, id: string): Promise<void>;
}

/** Every method throws ApiError `unauthenticated`, `forbidden`, `not_found` or `unavailable`. */
export function createClients(pool: Pool, pocketbase: PocketBaseClient): Clients {
  async function checkCaller(session: string): Promise<void> {
    const answer = await pocketbase.personOf(session);
    if (answer.status === 'unknown') throw commonError('unauthenticated', NO_SESSION);
    if (answer.status === 'suspended' || answer.status === 'expired')
      throw commonError('forbidden', NO_ACCESS[answer.status]);
    const isPlatformAdmin = answer.status === 'known' && answer.person.role === 'platform_admin';
    if (!isPlatformAdmin) throw commonError('forbidden', ONLY_PLATFORM_ADMINS);
  }
  const newSecret = () => randomBytes(32).toString('base64url');

  return {
    create: async (session, tenantId, wish) => {
      await checkCaller(session);
      const secret = newSecret();
      const id = `cfc-${randomBytes(9).toString('hex')}`;
      const row = await insertClient(pool, { ...wish, id, tenantId, secretSha256: sha256Hex(secret) });
      return { ...shown(row), secret };
    },
    list: async (session, tenantId) => {
      await checkCaller(session);
      return (await listClients(pool, tenantId)).map(shown);
    },
    rotateSecret: async (session, tenantId, id) => {
      await checkCaller(session);
      const secret = newSecret();
      if (!(await changeClientSecret(pool, tenantId, id, sha256Hex(secret)))) throw commonError('not_found', NO_CLIENT);
      return secret;
    },
    delete: async (session, tenantId, id) => {
      await checkCaller(session);
      if (!(await deleteClient(pool, tenantId, id))) throw commonError('not_found', NO_CLIENT);
    },
  };
}
