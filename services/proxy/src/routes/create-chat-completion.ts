import type { ServerResponse } from 'node:http';
import type { App } from '@cloudfreedom/service-kit';
import type { Caller } from '../inference/authenticate.ts';
import { admit, completeChat } from '../inference/chat-completion.ts';
import type { Parts } from '../inference/parts.ts';
import { chatRequest } from '../providers/chat-request.ts';
import { requireBoundedLists } from './bounded-body.ts';

/** The nonstandard status that servers log for a client that hung up; nobody receives it. */
const CLIENT_CLOSED_REQUEST = 499;

export function addCreateChatCompletion(app: App, parts: Parts): void {
  const admitted = new WeakMap<object, Caller>();
  app.post(
    '/v1/chat/completions',
    {
      schema: { summary: 'Answer a chat, whole or as a stream (OpenAI)', body: chatRequest },
      // Before the body is read: what a stranger sends is not worth a parse.
      onRequest: async (request) => {
        const { authorization } = request.headers;
        admitted.set(request, await admit(parts, { requestId: request.id, authorization }));
      },
      preValidation: async (request) => requireBoundedLists(request.body),
    },
    async (request, reply) => {
      const caller = admitted.get(request);
      if (!caller) throw new Error('a request was not admitted');
      const answer = await completeChat(parts, {
        requestId: request.id,
        caller,
        request: request.body,
        clientGone: hangUpSignal(reply.raw),
      });
      if (answer.kind === 'client_closed') return reply.status(CLIENT_CLOSED_REQUEST).send();
      reply.header('x-cloudfreedom-deployment', answer.deployment);
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

/** Aborted when the connection closes before the answer is out. */
function hangUpSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
