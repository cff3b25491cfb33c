/** The addresses that oidc-provider answers by itself: it gets the requests untouched. */
import { type App, securityHeaders } from '@cloudfreedom/service-kit';
import type { OpenId } from '../oidc/open-id.ts';

/** Its pages have a style element, and their forms lead on to an application's own address. */
const HEADERS = securityHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"], frameAncestors: ["'none'"] },
  },
});

const ADDRESSES: ['GET' | 'POST', string][] = [
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/oidc/authorize'],
  ['POST', '/oidc/authorize'],
  ['GET', '/oidc/authorize/:uid'],
  ['POST', '/oidc/token'],
  ['GET', '/oidc/userinfo'],
  ['POST', '/oidc/userinfo'],
  ['POST', '/oidc/revoke'],
  ['GET', '/oidc/end-session'],
  ['POST', '/oidc/end-session'],
  ['POST', '/oidc/end-session/confirm'],
  ['GET', '/oidc/end-session/success'],
];

export async function openIdRoutes(root: App, openId: OpenId): Promise<void> {
  await root.register(async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const [method, url] of ADDRESSES)
      app.route({
        method,
        url,
        schema: { hide: true },
        config: { securityHeaders: HEADERS },
        handler: async (request, reply) => {
          const answer = await openId.handler();
          reply.hijack();
          for (const [name, value] of HEADERS) reply.raw.setHeader(name, value);
          await answer(request.raw, reply.raw);
        },
      });
  });
}
