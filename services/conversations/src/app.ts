/** Plugins and routes, in order. */
import { type AccessTokenCheck, type App, createApp, type Logger, type Tracing } from '@cloudfreedom/service-kit';
import type { AssistantFiles } from './assistants/assistant-files.ts';
import type { Assistants } from './assistants/assistants.ts';
import type { Conversations } from './conversations/conversations.ts';
import type { Deletions } from './deletions/deletions.ts';
import type { ErasedPeople } from './erasures/erased-people.ts';
import type { Files } from './files/files.ts';
import type { Folders } from './folders/folders.ts';
import type { ReadRules } from './retention/read-rules.ts';
import { appendMessageRoute } from './routes/append-message.ts';
import { assistantFileRoutes } from './routes/assistant-files.ts';
import { assistantRoutes } from './routes/assistants.ts';
import { changeConversationRoute } from './routes/change-conversation.ts';
import { deleteConversationRoute } from './routes/delete-conversation.ts';
import { exportConversationsRoute } from './routes/export-conversations.ts';
import { fileRoutes } from './routes/files.ts';
import { folderRoutes } from './routes/folders.ts';
import { listConversationsRoute } from './routes/list-conversations.ts';
import { readConversationRoute } from './routes/read-conversation.ts';
import { readRulesRoute } from './routes/read-rules.ts';
import { restoreConversationRoute } from './routes/restore-conversation.ts';
import { searchConversationsRoute } from './routes/search-conversations.ts';
import { setConversationSettingsRoute } from './routes/set-conversation-settings.ts';
import { shareRoutes } from './routes/shares.ts';
import { startConversationRoute } from './routes/start-conversation.ts';
import { createSubjectOf } from './routes/subject.ts';
import type { Search } from './search/search-conversations.ts';
import type { Shares } from './shares/shares.ts';

/** The longest message, every character of it escaped in JSON. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

export const VERSION = '0.1.0';

export async function buildApp(parts: {
  logger: Logger;
  corsOrigins: string[];
  /** Pages that may call besides those. */
  allowsOrigin: (origin: string) => Promise<boolean>;
  checkToken: AccessTokenCheck;
  conversations: Conversations;
  deletions: Deletions;
  search: Search;
  folders: Folders;
  files: Files;
  shares: Shares;
  assistants: Assistants;
  assistantFiles: AssistantFiles;
  readRules: ReadRules;
  erasedPeople: Pick<ErasedPeople, 'has' | 'isKnown'>;
  tracing?: Tracing | undefined;
  /** Rejects when the database doesn't answer. */
  pingDatabase: () => Promise<void>;
}): Promise<App> {
  const { logger, corsOrigins, allowsOrigin, checkToken, conversations, erasedPeople, pingDatabase } = parts;
  const { app } = await createApp({
    service: 'conversations',
    version: VERSION,
    logger,
    corsOrigins,
    allowsOrigin,
    tracing: parts.tracing,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    ready: () =>
      pingDatabase().then(
        () =>
          erasedPeople.isKnown()
            ? { ready: true }
            : { ready: false, missing: 'billing has not said yet who is erased' },
        () => ({ ready: false, missing: 'Postgres is not reachable' }),
      ),
  });
  const subjectOf = createSubjectOf(checkToken, erasedPeople.has);
  listConversationsRoute(app, conversations, subjectOf);
  startConversationRoute(app, conversations, subjectOf);
  readConversationRoute(app, conversations, subjectOf);
  changeConversationRoute(app, conversations, subjectOf);
  setConversationSettingsRoute(app, conversations, subjectOf);
  deleteConversationRoute(app, parts.deletions, subjectOf);
  restoreConversationRoute(app, parts.deletions, subjectOf);
  appendMessageRoute(app, conversations, subjectOf);
  searchConversationsRoute(app, parts.search, subjectOf);
  fileRoutes(app, parts.files, subjectOf);
  folderRoutes(app, parts.folders, subjectOf);
  shareRoutes(app, parts.shares, subjectOf);
  assistantRoutes(app, parts.assistants, subjectOf);
  assistantFileRoutes(app, parts.assistantFiles, subjectOf);
  readRulesRoute(app, parts.readRules, subjectOf);
  exportConversationsRoute(app, parts, subjectOf);
  return app;
}
