/** An answer that is being written, event by event, and what is kept of it in the end. */
import type { AnswerEnding, Message } from '@cloudfreedom/contracts';
import { AnswerCut, type AnswerEvent } from './stream-answer.ts';

const CITATIONS_MAX = 200;

export interface Draft {
  text: string;
  reasoning: string;
  citations: Message['citations'];
  chargeEur: string | null;
  requestId: string | null;
  servedBy: string | null;
  finish: string | null;
  stopped: string | null;
}

export const emptyDraft = (): Draft => ({
  text: '',
  reasoning: '',
  citations: [],
  chargeEur: null,
  requestId: null,
  servedBy: null,
  finish: null,
  stopped: null,
});

export function withEvent(draft: Draft, event: AnswerEvent): Draft {
  switch (event.type) {
    case 'accepted':
      return { ...draft, requestId: event.requestId, servedBy: servedBy(event.deployment, event.failedKinds[0]) };
    case 'text':
      return { ...draft, text: draft.text + event.text };
    case 'reasoning':
      return { ...draft, reasoning: draft.reasoning + event.text };
    case 'citations':
      return { ...draft, citations: joined(draft.citations, event.citations) };
    case 'finish':
      return { ...draft, finish: event.reason };
    case 'stopped':
      return { ...draft, stopped: event.why };
    case 'charge':
      return { ...draft, chargeEur: event.note.charge_eur };
  }
}

/** Who answered is worth a word only where the first call failed; that and why is kept in one line. */
function servedBy(deployment: string | null, firstFailure: string | undefined): string | null {
  return deployment === null || firstFailure === undefined ? null : `${deployment}; after=${firstFailure}`;
}

/** Each address once, in the order in which they came. */
function joined(known: Message['citations'], more: Message['citations']): Message['citations'] {
  const fresh = more.filter(({ url }, index) => {
    const first = more.findIndex((other) => other.url === url) === index;
    return first && url.length <= 4_000 && !known.some((other) => other.url === url);
  });
  const cut = fresh.map(({ url, title }) => ({ url, title: title.slice(0, 1_000) }));
  return [...known, ...cut].slice(0, CITATIONS_MAX);
}

/** `error`: what ended the stream; null: it ended by itself. */
export function endingOf({ finish, stopped }: Draft, error: unknown): AnswerEnding {
  if (error instanceof DOMException && error.name === 'AbortError') return 'stopped';
  if (error instanceof AnswerCut) return 'cut';
  if (error !== null) return 'failed';
  if (stopped === 'budget') return 'budget';
  if (stopped !== null) return 'failed';
  if (finish === 'length') return 'length';
  return finish === 'content_filter' ? 'filter' : 'whole';
}
