import type { ServerResponse } from 'node:http';
import type { App } from '@cloudfreedom/service-kit';
import { completeChat } from '../inference/chat-completion.ts';
import type { Parts } from '../inference/parts.ts';
import { chatRequest } from '../providers/chat-request.ts';

/** The nonstandard status that servers log for a client that hung up; nobody receives it. */
const CLIENT_CLOSED_REQUEST = 499;

export function addCreateChatCompletion(app: App, parts: Parts): void {
  app.post(
    '/v1/chat/completions',
    { schema: { summary: 'Answer a chat, whole or as a stream (OpenAI)', body: chatRequest } },
    async (request, reply) => {
      const answer = await completeChat(parts, {
        requestId: request.id,
        authorization: request.headers.authorization,
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
