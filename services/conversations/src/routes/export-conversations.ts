import { conversationsExport } from '@cloudfreedom/contracts';
import { type App, streamJson } from '@cloudfreedom/service-kit';
import type { AssistantFiles } from '../assistants/assistant-files.ts';
import type { Assistants } from '../assistants/assistants.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Files } from '../files/files.ts';
import type { Folders } from '../folders/folders.ts';
import type { SubjectOf } from './subject.ts';

export function exportConversationsRoute(
  app: App,
  parts: {
    conversations: Conversations;
    folders: Folders;
    files: Files;
    assistants: Assistants;
    assistantFiles: AssistantFiles;
  },
  subjectOf: SubjectOf,
): void {
  const schema = {
    summary: 'All own conversations with their messages, and own assistants; nobody gets those of others',
    description: `A JSON object, streamed: ${Object.keys(conversationsExport.shape).join(', ')}.`,
  };
  app.get('/v1/export', { schema }, async (request, reply) => {
    const subjectId = await subjectOf(request);
    const { conversations, folders, files, assistants, assistantFiles } = parts;
    const { items } = await folders.list(subjectId);
    reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-store');
    return reply.send(
      streamJson({
        subjectId,
        at: new Date().toISOString(),
        folders: items,
        conversations: conversations.each(subjectId),
        files: files.each(subjectId),
        assistants: assistants.each(subjectId),
        assistantFiles: assistantFiles.each(subjectId),
      }),
    );
  });
}
