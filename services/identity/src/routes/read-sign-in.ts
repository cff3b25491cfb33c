import { errorBody, signInDetails } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { OpenId } from '../oidc/open-id.ts';

export function readSignInRoute(app: App, openId: OpenId): void {
  app.get(
    '/interaction/:uid/details',
    {
      schema: {
        summary: 'Which application waits for the sign-in of this browser (by its cookie)',
        params: z.object({ uid: z.string() }),
        response: { 200: signInDetails, 404: errorBody, 503: errorBody },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return openId.detailsOf(request.raw, reply.raw);
    },
  );
}
