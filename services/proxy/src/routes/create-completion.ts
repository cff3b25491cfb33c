import type { App } from '@cloudfreedom/service-kit';
import type { Parts } from '../inference/parts.ts';
import { completion } from '../surfaces/completions/index.ts';
import { completionRequest } from '../surfaces/completions/request.ts';
import { addAnswerRoute } from './answer-route.ts';

export function addCreateCompletion(app: App, parts: Parts): void {
  addAnswerRoute(app, parts, {
    path: '/v1/completions',
    summary: 'Complete a prompt, whole or as a stream (OpenAI, legacy)',
    body: completionRequest,
    read: completion,
  });
}
