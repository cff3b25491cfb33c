import { conversationSearchQuery, foundConversations } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import type { Search } from '../search/search-conversations.ts';
import { refusals, type SubjectOf } from './subject.ts';

export function searchConversationsRoute(app: App, search: Search, subjectOf: SubjectOf): void {
  app.get(
    '/v1/search',
    {
      schema: {
        summary: 'Own conversations that hold every word, in any form or as a part of another, newest first',
        querystring: conversationSearchQuery,
        response: { 200: foundConversations, ...refusals },
      },
    },
    async (request) => search(await subjectOf(request), request.query),
  );
}
