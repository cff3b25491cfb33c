/** Serves a built app on this machine as nginx does in production: files, `/config.json`, `/health`, strict headers. */

import { appConfig, connectSources, pageHeaders } from '@cloudfreedom/contracts';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import { z } from 'zod';

const config = z
  .object({
    HOST: z.string(),
    PORT: z.coerce.number().int(),
    DIST_DIR: z.string(),
    APP_CONFIG: z.string().transform((text) => appConfig.parse(JSON.parse(text))),
  })
  .parse(process.env);

const app = Fastify({ logger: { level: 'warn' }, forceCloseConnections: 'idle' });
const headers = pageHeaders(connectSources(config.APP_CONFIG));
app.addHook('onRequest', async (_request, reply) => {
  reply.headers(headers);
});
app.get('/health', async () => ({ status: 'ok' }));
app.get('/config.json', async (_request, reply) => {
  reply.header('cache-control', 'no-store');
  return config.APP_CONFIG;
});
await app.register(fastifyStatic, {
  root: config.DIST_DIR,
  cacheControl: false,
  setHeaders: (reply, file) => {
    reply.header('cache-control', file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  },
});
// Pages are routes of the app: any other path is answered with the app itself; a missing file stays missing.
app.setNotFoundHandler((request, reply) => {
  const isPage = request.method === 'GET' && !/\.[a-z0-9]+$/i.test(request.url.split('?')[0] ?? '');
  return isPage ? reply.sendFile('index.html') : reply.code(404).send({ error: 'not found' });
});
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
await app.listen({ host: config.HOST, port: config.PORT });
