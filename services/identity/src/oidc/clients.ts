/**
 * Platform admins make, list and end the applications that a tenant's people sign in to. What they change is in the audit
 * log before it counts: without PocketBase nothing of it happens, as nobody is known then either.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  type MoneyAuditEntry,
  NOT_KEPT,
  type OidcClient,
  type oidcClientCreateRequest,
  type principalOfSession,
} from '@cloudfreedom/contracts';
import { commonError, inTransaction, type Pool, sha256Hex } from '@cloudfreedom/service-kit';
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

type Change = Pick<MoneyAuditEntry, 'tenantId' | 'targetId' | 'action' | 'after'>;

const entryOf = (caller: z.infer<typeof principalOfSession>, change: Change): MoneyAuditEntry => ({
  id: randomUUID(),
  at: new Date().toISOString(),
  actor: caller.id,
  actorRole: caller.role,
  network: '',
  collection: 'oidc_clients',
  before: {},
  ...change,
});

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
  async function callerOf(session: string) {
    const answer = await pocketbase.personOf(session);
    if (answer.status === 'unknown') throw commonError('unauthenticated', NO_SESSION);
    if (answer.status === 'suspended' || answer.status === 'expired')
      throw commonError('forbidden', NO_ACCESS[answer.status]);
    const isPlatformAdmin = answer.status === 'known' && answer.person.role === 'platform_admin';
    if (!isPlatformAdmin) throw commonError('forbidden', ONLY_PLATFORM_ADMINS);
    return answer.person;
  }
  type Transaction = Parameters<Parameters<typeof inTransaction>[1]>[0];
  /** Both or neither; should the very last step fail, the log tells of a change that isn't there, never the other way. */
  async function audited<T>(
    session: string,
    change: Change,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    const caller = await callerOf(session);
    return inTransaction(pool, async (transaction) => {
      const result = await work(transaction);
      await pocketbase.writeAudit(entryOf(caller, change));
      return result;
    });
  }
  const newSecret = () => randomBytes(32).toString('base64url');

  return {
    create: async (session, tenantId, wish) => {
      const secret = newSecret();
      const id = `cfc-${randomBytes(9).toString('hex')}`;
      const after = { secret: NOT_KEPT, redirect_uris: wish.redirectUris.join(' ') };
      const row = await audited(session, { tenantId, targetId: id, action: 'create', after }, (transaction) =>
        insertClient(transaction, { ...wish, id, tenantId, secretSha256: sha256Hex(secret) }),
      );
      return { ...shown(row), secret };
    },
    list: async (session, tenantId) => {
      await callerOf(session);
      return (await listClients(pool, tenantId)).map(shown);
    },
    rotateSecret: async (session, tenantId, id) => {
      const secret = newSecret();
      const change: Change = { tenantId, targetId: id, action: 'update', after: { secret: NOT_KEPT } };
      await audited(session, change, async (transaction) => {
        if (!(await changeClientSecret(transaction, tenantId, id, sha256Hex(secret))))
          throw commonError('not_found', NO_CLIENT);
      });
      return secret;
    },
    delete: (session, tenantId, id) =>
      audited(session, { tenantId, targetId: id, action: 'delete', after: {} }, async (transaction) => {
        if (!(await deleteClient(transaction, tenantId, id))) throw commonError('not_found', NO_CLIENT);
      }),
  };
}
