/** Plugins and routes, in order. */
import { type AccessTokenCheck, type App, createApp, type Logger } from '@cloudfreedom/service-kit';
import type { Conversations } from './conversations/conversations.ts';
import type { ErasedPeople } from './erasures/erased-people.ts';
import { appendMessageRoute } from './routes/append-message.ts';
import { deleteConversationRoute } from './routes/delete-conversation.ts';
import { exportConversationsRoute } from './routes/export-conversations.ts';
import { listConversationsRoute } from './routes/list-conversations.ts';
import { readConversationRoute } from './routes/read-conversation.ts';
import { renameConversationRoute } from './routes/rename-conversation.ts';
import { startConversationRoute } from './routes/start-conversation.ts';
import { createSubjectOf } from './routes/subject.ts';

/** The longest message, every character of it escaped in JSON. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

export async function buildApp(parts: {
  logger: Logger;
  corsOrigins: string[];
  /** Pages that may call besides those. */
  allowsOrigin: (origin: string) => Promise<boolean>;
  checkToken: AccessTokenCheck;
  conversations: Conversations;
  erasedPeople: Pick<ErasedPeople, 'has' | 'isKnown'>;
  /** Rejects when the database doesn't answer. */
  pingDatabase: () => Promise<void>;
}): Promise<App> {
  const { logger, corsOrigins, allowsOrigin, checkToken, conversations, erasedPeople, pingDatabase } = parts;
  const { app } = await createApp({
    service: 'conversations',
    version: '0.1.0',
    logger,
    corsOrigins,
    allowsOrigin,
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
  renameConversationRoute(app, conversations, subjectOf);
  deleteConversationRoute(app, conversations, subjectOf);
  appendMessageRoute(app, conversations, subjectOf);
  exportConversationsRoute(app, conversations, subjectOf);
  return app;
}
