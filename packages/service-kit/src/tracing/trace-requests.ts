import type { FastifyInstance } from 'fastify';
import type { Trace, Tracing } from './trace.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** null: traces are off, or the route is of no interest. */
    trace: Trace | null;
  }
}

/** What is asked of every service again and again, about itself. */
const UNTRACED = new Set(['/health', '/ready', '/metrics', '/openapi.json']);

/** One trace per request, from its first byte to the last of its answer; its log lines name it. */
export function traceRequests(app: Pick<FastifyInstance, 'addHook' | 'decorateRequest'>, tracing: Tracing): void {
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (!UNTRACED.has(route)) {
      const trace = tracing.begin({
        name: `${request.method} ${route}`,
        headers: request.headers,
        attributes: {
          'http.request.method': request.method,
          'http.route': route,
          'cloudfreedom.request.id': request.id,
        },
      });
      request.trace = trace;
      request.log = request.log.child({ trace_id: trace.id });
      reply.raw.once('close', () => {
        const { statusCode, writableFinished } = reply.raw;
        trace.set({ 'http.response.status_code': statusCode });
        trace.end(writableFinished ? (statusCode >= 500 ? String(statusCode) : null) : 'client_closed');
      });
    }
    done();
  });
  app.addHook('onClose', () => tracing.close());
}
