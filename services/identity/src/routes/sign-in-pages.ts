/** The sign-in page, as built from apps/sign-in: on identity's own address, where the cookies of a sign-in are. */
import { type AppConfig, SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import fastifyStatic from '@fastify/static';

const PAGES = [
  '/',
  '/interaction/:uid',
  SIGN_IN_PATHS.forgotPassword,
  SIGN_IN_PATHS.provider,
  SIGN_IN_PATHS.providerReturn,
];

function policyOf({ pocketbaseUrl }: AppConfig) {
  const directives = {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    // The component library sets its theme's variables in a style element.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'", pocketbaseUrl],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  };
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    referrerPolicy: { policy: 'no-referrer' },
  } as const;
}

export async function signInPagesRoutes(app: App, pages: { folder: string; config: AppConfig }): Promise<void> {
  await app.register(fastifyStatic, { root: pages.folder, serve: false, cacheControl: false });
  const schema = { hide: true };
  const helmet = policyOf(pages.config);
  for (const url of PAGES)
    app.get(url, { schema, helmet }, async (_request, reply) =>
      reply.header('cache-control', 'no-store').sendFile('index.html'),
    );
  app.get('/config.json', { schema }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return pages.config;
  });
  app.get('/favicon.svg', { schema }, async (_request, reply) => reply.sendFile('favicon.svg'));
  app.get<{ Params: { '*': string } }>('/assets/*', { schema }, async (request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(`assets/${request.params['*']}`),
  );
}
