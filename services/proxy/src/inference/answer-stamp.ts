import { randomUUID } from 'node:crypto';
import type { AnswerStamp } from '../surfaces/surface.ts';

export function answerStamp(): AnswerStamp {
  return { id: randomUUID().replaceAll('-', ''), created: Math.floor(Date.now() / 1000) };
}
