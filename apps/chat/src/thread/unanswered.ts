import type { Message } from '@cloudfreedom/contracts';

/** Ids of questions that no answer follows and that were not asked again in the same words later. */
export function unansweredQuestions(messages: readonly Message[]): Set<string> {
  const open = messages.filter(
    (message, index) =>
      message.role === 'user' &&
      messages[index + 1]?.role !== 'assistant' &&
      !messages.slice(index + 1).some((later) => later.role === 'user' && later.content === message.content),
  );
  return new Set(open.map((message) => message.id));
}
