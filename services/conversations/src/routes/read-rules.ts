import { conversationRules, errorBody } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { ReadRules } from '../retention/read-rules.ts';
import { refusals, type SubjectOf } from './subject.ts';

export function readRulesRoute(app: App, readRules: ReadRules, subjectOf: SubjectOf): void {
  app.get(
    '/v1/rules',
    {
      schema: {
        summary: 'How long the tenant keeps chats',
        response: { 200: conversationRules, ...refusals, 503: errorBody },
      },
    },
    async (request) => {
      await subjectOf(request);
      return readRules();
    },
  );
}
