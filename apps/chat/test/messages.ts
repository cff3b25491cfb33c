import type { Message } from '@cloudfreedom/contracts';

/** A message with nothing special about it. */
export function message(id: string, parentId: string | null, over: Partial<Message> = {}): Message {
  return {
    id,
    parentId,
    role: 'user',
    content: id,
    model: null,
    chargeEur: null,
    ending: null,
    reasoning: null,
    servedBy: null,
    citations: [],
    attachments: [],
    at: '2026-11-23T12:00:00.000Z',
    ...over,
  };
}
