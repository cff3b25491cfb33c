import type { App } from '@cloudfreedom/service-kit';
import type { Parts } from '../inference/parts.ts';
import { chatRequest } from '../providers/chat-request.ts';
import { chatCompletion } from '../surfaces/chat/index.ts';
import { addAnswerRoute } from './answer-route.ts';

export function addCreateChatCompletion(app: App, parts: Parts): void {
  addAnswerRoute(app, parts, {
    path: '/v1/chat/completions',
    summary: 'Answer a chat, whole or as a stream (OpenAI)',
    body: chatRequest,
    read: chatCompletion,
  });
}
