import { conversationSettings } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Conversations } from '../conversations/conversations.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export function setConversationSettingsRoute(app: App, conversations: Conversations, subjectOf: SubjectOf): void {
  app.put(
    '/v1/conversations/:id/settings',
    {
      schema: {
        summary: 'How the models of an own conversation are asked from now on',
        params: pathParams,
        body: conversationSettings,
        response: { 200: conversationSettings, ...refusals },
      },
    },
    async (request) => conversations.setSettings(await subjectOf(request), request.params.id, request.body),
  );
}
