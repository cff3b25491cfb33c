import path from 'node:path';
import { audienceOf } from '@cloudfreedom/contracts';
import {
  createAccessTokenCheck,
  createLogger,
  createPool,
  main,
  migrate,
  runService,
  startTracing,
} from '@cloudfreedom/service-kit';
import { buildApp, VERSION } from './app.ts';
import { createAssistantStore } from './assistants/assistant.store.ts';
import { createAssistantFileStore } from './assistants/assistant-file.store.ts';
import { createAssistantFiles } from './assistants/assistant-files.ts';
import { createAssistants } from './assistants/assistants.ts';
import { loadConfig } from './config.ts';
import { createConversationStore } from './conversations/conversation.store.ts';
import { createConversations } from './conversations/conversations.ts';
import { createDeletionStore } from './deletions/deletion.store.ts';
import { createDeletions } from './deletions/deletions.ts';
import { purgeDeleted } from './deletions/purge-deleted.ts';
import { readErasedSubjects } from './erasures/billing-erasures.ts';
import { keepErased } from './erasures/erased-people.ts';
import { createErasureStore } from './erasures/erasure.store.ts';
import { createFileStore } from './files/file.store.ts';
import { createFiles } from './files/files.ts';
import { createFolderStore } from './folders/folder.store.ts';
import { createFolders } from './folders/folders.ts';
import { keepRetention } from './retention/keep-retention.ts';
import { createReadRules } from './retention/read-rules.ts';
import { createRetentionStore } from './retention/retention.store.ts';
import { createSearchStore } from './search/search.store.ts';
import { createSearch } from './search/search-conversations.ts';
import { createShareStore } from './shares/share.store.ts';
import { createShares } from './shares/shares.ts';
import { readTenant } from './tenant/billing-tenant.ts';
import { createOwnPages } from './tenant/own-pages.ts';

const MIGRATIONS = path.join(import.meta.dirname, '..', 'migrations');

main(async () => {
  const config = loadConfig();
  const logger = createLogger('conversations', config.LOG_LEVEL);
  // The tenant's database is shared with the proxy: each keeps to a schema of its own.
  await migrate(config.DATABASE_URL, MIGRATIONS, logger, { schema: 'conversations' });
  const pool = createPool(config.DATABASE_URL, { applicationName: 'conversations' });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection broke'));
  const store = createConversationStore(pool);
  const billing = { url: config.BILLING_URL, serviceToken: config.BILLING_SERVICE_TOKEN };
  const erasedPeople = keepErased({
    store: createErasureStore(pool),
    readErasedSubjects: () => readErasedSubjects(billing),
    logger,
  });
  const stopRetention = keepRetention({
    store: createRetentionStore(pool),
    readRetentionDays: async () => (await readTenant(billing)).retentionDays,
    logger,
  });
  const deletionStore = createDeletionStore(pool);
  const stopPurging = purgeDeleted({ store: deletionStore, logger });
  const tracing = await startTracing({ name: 'conversations', version: VERSION, logger }, config);
  const app = await buildApp({
    logger,
    tracing,
    corsOrigins: config.CORS_ORIGINS,
    allowsOrigin: createOwnPages(() => readTenant(billing)),
    checkToken: createAccessTokenCheck({
      issuer: config.IDENTITY_ISSUER,
      jwksUrl: config.IDENTITY_JWKS_URL,
      audience: audienceOf.conversations(config.TENANT_ID),
    }),
    conversations: createConversations(store),
    deletions: createDeletions(deletionStore, store),
    search: createSearch(createSearchStore(pool)),
    files: createFiles(createFileStore(pool)),
    folders: createFolders(createFolderStore(pool)),
    shares: createShares(createShareStore(pool), store),
    assistants: createAssistants(createAssistantStore(pool)),
    assistantFiles: createAssistantFiles(createAssistantFileStore(pool)),
    readRules: createReadRules(() => readTenant(billing)),
    erasedPeople,
    pingDatabase: store.ping,
  });
  await runService(app, {
    logger,
    host: config.HOST,
    port: config.PORT,
    drainMs: config.STOP_DRAIN_MS,
    graceMs: config.STOP_GRACE_MS,
    release: async () => {
      await Promise.all([erasedPeople.stop(), stopRetention(), stopPurging()]);
      await pool.end();
    },
  });
});
