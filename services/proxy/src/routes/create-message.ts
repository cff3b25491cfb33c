import type { App } from '@cloudfreedom/service-kit';
import type { Parts } from '../inference/parts.ts';
import { messages } from '../surfaces/messages/index.ts';
import { messagesRequest } from '../surfaces/messages/request.ts';
import { addAnswerRoute } from './answer-route.ts';

export function addCreateMessage(app: App, parts: Parts): void {
  addAnswerRoute(app, parts, {
    path: '/v1/messages',
    summary: 'Answer messages, whole or as a stream (Anthropic)',
    body: messagesRequest,
    read: messages,
  });
}
