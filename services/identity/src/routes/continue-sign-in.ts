import { errorBody, signInContinueRequest, signInContinueResponse } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { OpenId } from '../oidc/open-id.ts';

export function continueSignInRoute(app: App, openId: OpenId): void {
  app.post(
    '/interaction/:uid',
    {
      schema: {
        summary: 'Go on to the application that waits for the sign-in of this browser (by its cookie)',
        params: z.object({ uid: z.string() }),
        body: signInContinueRequest,
        response: {
          200: signInContinueResponse,
          400: errorBody,
          401: errorBody,
          403: errorBody,
          404: errorBody,
          503: errorBody,
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { returnTo: await openId.signIn(request.raw, reply.raw, request.body.session) };
    },
  );
}
