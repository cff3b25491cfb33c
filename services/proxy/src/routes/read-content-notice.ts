import { contentLogNotice } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { contentLogDays } from '../content-log/read-content.ts';
import { authenticate } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import { authorizationOf } from './authorization.ts';

export function addReadContentNotice(app: App, parts: Parts): void {
  app.get(
    '/v1/content-log',
    {
      schema: {
        summary: 'Whether requests and answers are kept here, and for how many days',
        response: { 200: contentLogNotice },
      },
    },
    async (request, reply) => {
      await authenticate(parts, { authorization: authorizationOf(request.headers) });
      reply.header('cache-control', 'no-store');
      return { days: await contentLogDays(parts.catalogue) };
    },
  );
}
