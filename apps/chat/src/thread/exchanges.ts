/** A path of messages as it is read: a question with its answer, and answers that were continued in one piece. */
import { formatEur, type Message, parseEur } from '@cloudfreedom/contracts';
import type { Step } from './message-tree.ts';

export interface Exchange {
  /** Id of its first message. */
  id: string;
  question: Step<Message> | null;
  /** More than one: each goes on where the one before ended. */
  answers: Step<Message>[][];
}

/** Did this answer end before it was whole, so that another may go on with it? */
export function isPartial({ ending }: Pick<Message, 'ending'>): boolean {
  return ending !== null && ending !== 'whole' && ending !== 'filter';
}

export function exchangesOf(path: readonly Step<Message>[]): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const step of path) {
    const { message } = step;
    if (message.role === 'system') continue;
    if (message.role === 'user') {
      exchanges.push({ id: message.id, question: step, answers: [] });
      continue;
    }
    let exchange = exchanges.at(-1);
    if (!exchange) {
      exchange = { id: message.id, question: null, answers: [] };
      exchanges.push(exchange);
    }
    const before = exchange.answers.at(-1);
    const last = before?.at(-1)?.message;
    if (before && last && isPartial(last) && last.id === message.parentId) before.push(step);
    else exchange.answers.push([step]);
  }
  return exchanges;
}

/** Which model answered last in it; null: none, or nobody knows. */
export function modelOf(exchange: Exchange | undefined): string | null {
  return exchange?.answers.at(-1)?.at(-1)?.message.model ?? null;
}

/** What several answers cost together, in euro; null: not known of one of them. */
export function chargeOf(messages: readonly Pick<Message, 'chargeEur'>[]): string | null {
  let sum = 0n;
  for (const { chargeEur } of messages) {
    if (chargeEur === null) return null;
    sum += parseEur(chargeEur);
  }
  return formatEur(sum);
}
