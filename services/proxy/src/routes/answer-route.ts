/** What the routes of all surfaces have alike: admit before the body is read, bounded lists, the answer's headers. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { CONTENT_LOG_HEADER } from '@cloudfreedom/contracts';
import { type App, requestedLanguage, type Trace } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { readCacheWish } from '../answer-cache/cache-wish.ts';
import { readIdempotencyKey } from '../idempotency/idempotency-keys.ts';
import { answerOnce } from '../inference/answer-once.ts';
import { admit } from '../inference/answer-request.ts';
import type { Caller } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import { limitHeaders } from '../limits/limit-headers.ts';
import type { ClientRequest } from '../surfaces/surface.ts';
import { presentedBy } from './authorization.ts';
import { LIST_ITEMS_MAX, requireBoundedLists } from './bounded-body.ts';
import { readTask } from './task.ts';

/** The nonstandard status that servers log for a client that hung up; nobody receives it. */
const CLIENT_CLOSED_REQUEST = 499;

/** A POST route that asks a model, and charges for it. */
export function addAnswerRoute<Body extends z.ZodType>(
  app: App,
  parts: Parts,
  route: {
    path: string;
    summary: string;
    body: Body;
    /** Of all lists in a body together, where it isn't what any chat can need. */
    listItemsMax?: number;
    read: (
      body: z.output<Body>,
      headers: IncomingHttpHeaders,
      caller: Caller,
    ) => ClientRequest | Promise<ClientRequest>;
  },
): void {
  const admission = admitBeforeBody(parts);
  app.post(
    route.path,
    {
      schema: { summary: route.summary, body: route.body },
      onRequest: admission.onRequest,
      preValidation: async (request) => requireBoundedLists(request.body, route.listItemsMax ?? LIST_ITEMS_MAX),
    },
    async (request, reply) => {
      const caller = admission.callerOf(request);
      const clientGone = hangUpSignal(reply.raw);
      const asked = await route.read(request.body as z.output<Body>, request.headers, caller);
      const onlyDeployment = onlyDeploymentOf(request.headers);
      const task = readTask(request.headers['x-cloudfreedom-task']);
      const language = requestedLanguage(request.headers['accept-language']) ?? caller.principal.locale;
      const { id: requestId, trace, body } = request;
      const about = { requestId, trace, body, surface: route.path };
      const cache = readCacheWish(request.headers, about);
      const ask = { ...about, caller, request: asked, task, onlyDeployment, cache, clientGone, language };
      const answer = await answerOnce(parts, ask, readIdempotencyKey(request.headers['idempotency-key']));
      if (answer.kind === 'client_closed') return reply.status(CLIENT_CLOSED_REQUEST).send();
      reply.header('x-cloudfreedom-deployment', visible(answer.deployment));
      reply.header('x-cloudfreedom-attempts', answer.attempts);
      reply.headers(limitHeaders(answer.limits));
      if (answer.failedKinds.length > 0) reply.header('x-cloudfreedom-failed-attempts', answer.failedKinds.join(', '));
      if (answer.upstreamRequestId !== null) reply.header('x-upstream-request-id', visible(answer.upstreamRequestId));
      if (answer.cache !== null) reply.header('x-cloudfreedom-cache', answer.cache);
      if (answer.contentLogDays > 0) reply.header(CONTENT_LOG_HEADER, answer.contentLogDays);
      reply.header('cache-control', 'no-store');
      if (answer.kind === 'stream') {
        reply.header('content-type', 'text/event-stream; charset=utf-8');
        // nginx would collect the stream otherwise
        reply.header('x-accel-buffering', 'no');
        return reply.send(answer.body);
      }
      if (answer.chargeEur !== null) reply.header('x-cloudfreedom-charge-eur', answer.chargeEur);
      reply.header('content-type', 'application/json; charset=utf-8');
      return reply.send(answer.body);
    },
  );
}

/** The same header says in the answer who served. */
function onlyDeploymentOf({ 'x-cloudfreedom-deployment': name }: IncomingHttpHeaders): string | null {
  return typeof name === 'string' && name !== '' ? name : null;
}

/** The first step, before the body is read: what a stranger sends is not worth a parse. */
export function admitBeforeBody(parts: Parts) {
  const admitted = new WeakMap<object, Caller>();
  return {
    onRequest: async (request: { id: string; trace: Trace | null; headers: IncomingHttpHeaders }) => {
      const presented = presentedBy(request.headers);
      admitted.set(request, await admit(parts, { requestId: request.id, trace: request.trace, presented }));
    },
    callerOf(request: object): Caller {
      const caller = admitted.get(request);
      if (!caller) throw new Error('a request was not admitted');
      return caller;
    },
  };
}

/** A header holds visible ASCII only. */
function visible(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

/** Aborted when the connection closes before the answer is out. */
export function hangUpSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
