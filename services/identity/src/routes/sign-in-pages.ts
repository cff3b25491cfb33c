/** The sign-in page, as built from apps/sign-in: on identity's own address, where the cookies of a sign-in are. */
import { type AppConfig, connectSource, pageHeaders, SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import fastifyStatic from '@fastify/static';

const PAGES = [
  '/',
  '/interaction/:uid',
  SIGN_IN_PATHS.forgotPassword,
  SIGN_IN_PATHS.provider,
  SIGN_IN_PATHS.providerReturn,
];

export async function signInPagesRoutes(app: App, pages: { folder: string; config: AppConfig }): Promise<void> {
  await app.register(fastifyStatic, { root: pages.folder, serve: false, cacheControl: false });
  const schema = { hide: true };
  // It talks to PocketBase only; to the rest of the services the application does.
  const headers = pageHeaders([connectSource(pages.config.pocketbaseUrl)]);
  for (const url of PAGES)
    app.get(url, { schema, config: { securityHeaders: null } }, async (_request, reply) =>
      reply.headers(headers).header('cache-control', 'no-store').sendFile('index.html'),
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
