import { Readable } from 'node:stream';
import type { App } from '@cloudfreedom/service-kit';
import { authenticateService } from '../access/service-token.ts';
import { streamEvents } from '../events/stream-events.ts';
import { byService } from './security.ts';
import type { Services } from './services.ts';

export function streamEventsRoute(app: App, { pool, feed }: Services): void {
  const schema = {
    summary: 'Changes that concern the tenant, as server-sent events; Last-Event-ID resumes',
    security: byService,
  };
  // A HEAD would read the endless answer to throw it away.
  app.get('/v1/events', { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { authorization, 'last-event-id': lastEventId } = request.headers;
    const tenantId = await authenticateService(pool, authorization);
    const mayListen = () =>
      authenticateService(pool, authorization).then(
        () => true,
        () => false,
      );
    reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no');
    const from = typeof lastEventId === 'string' ? lastEventId : undefined;
    return reply.send(Readable.from(streamEvents({ pool, feed, mayListen }, tenantId, from)));
  });
}
