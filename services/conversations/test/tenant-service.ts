/** The service over HTTP with a real Postgres, for tests. */
import path from 'node:path';
import { audienceOf } from '@cloudfreedom/contracts';
import { createAccessTokenCheck, createLogger, createPool, migrate, type Pool } from '@cloudfreedom/service-kit';
import { createTestIdentity, type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { buildApp } from '../src/app.ts';
import { createAssistantStore } from '../src/assistants/assistant.store.ts';
import { createAssistantFileStore } from '../src/assistants/assistant-file.store.ts';
import { createAssistantFiles } from '../src/assistants/assistant-files.ts';
import { createAssistants } from '../src/assistants/assistants.ts';
import { createConversationStore } from '../src/conversations/conversation.store.ts';
import { createConversations } from '../src/conversations/conversations.ts';
import { createDeletionStore } from '../src/deletions/deletion.store.ts';
import { createDeletions } from '../src/deletions/deletions.ts';
import { createFileStore } from '../src/files/file.store.ts';
import { createFiles } from '../src/files/files.ts';
import { createFolderStore } from '../src/folders/folder.store.ts';
import { createFolders } from '../src/folders/folders.ts';
import { createSearchStore } from '../src/search/search.store.ts';
import { createSearch } from '../src/search/search-conversations.ts';
import { createShareStore } from '../src/shares/share.store.ts';
import { createShares } from '../src/shares/shares.ts';

export const TENANT = 'tenantaaaaaaaaa';
type Refusal = { error: { message: string; param: string | null; code: string } };

export interface TenantService {
  url: string;
  pool: Pool;
  postgres: Postgres;
  tokenOf(sub: string, audience?: string, seconds?: number): Promise<string>;
  /** `target` below `/v1/conversations`, or from the root where it begins with `/v1/`. */
  call<T = Refusal>(who: string, method: string, target: string, body?: unknown): Promise<{ status: number; body: T }>;
  stop(): Promise<void>;
}

export async function startTenantService(): Promise<TenantService> {
  const [postgres, identity] = await Promise.all([startPostgres(), createTestIdentity()]);
  const databaseUrl = await postgres.createDatabase('tenant');
  const logger = createLogger('conversations', 'silent');
  const migrations = path.join(import.meta.dirname, '../migrations');
  // Two replicas that start together.
  await Promise.all([1, 2].map(() => migrate(databaseUrl, migrations, logger, { schema: 'conversations' })));
  const pool = createPool(databaseUrl, { applicationName: 'test' });
  const store = createConversationStore(pool);
  const app = await buildApp({
    logger,
    corsOrigins: [],
    allowsOrigin: async () => false,
    checkToken: createAccessTokenCheck({
      issuer: identity.issuer,
      jwksUrl: identity.jwksUrl,
      audience: audienceOf.conversations(TENANT),
    }),
    conversations: createConversations(store),
    deletions: createDeletions(createDeletionStore(pool), store),
    search: createSearch(createSearchStore(pool)),
    files: createFiles(createFileStore(pool)),
    folders: createFolders(createFolderStore(pool)),
    shares: createShares(createShareStore(pool), store),
    assistants: createAssistants(createAssistantStore(pool)),
    assistantFiles: createAssistantFiles(createAssistantFileStore(pool)),
    readRules: async () => ({ retentionDays: 90 }),
    erasedPeople: { has: () => false, isKnown: () => true },
    pingDatabase: store.ping,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const tokenOf: TenantService['tokenOf'] = (sub, audience = audienceOf.conversations(TENANT), seconds) =>
    identity.sign({ sub, tenant: TENANT, role: 'member', locale: 'de' }, audience, seconds);
  return {
    url,
    pool,
    postgres,
    tokenOf,
    async call<T>(who: string, method: string, target: string, body?: unknown) {
      const response = await fetch(`${url}${target.startsWith('/v1/') ? '' : '/v1/conversations'}${target}`, {
        method,
        headers: {
          authorization: `Bearer ${await tokenOf(who)}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text ? JSON.parse(text) : null) as T };
    },
    async stop() {
      await app.close();
      await pool.end();
      await identity.close();
      await postgres.stop();
    },
  };
}
