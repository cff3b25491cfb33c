/**
 * Answers that are being written, by conversation. They live outside of the pages: who opens another conversation while
 * one streams finds it whole when coming back. Growing texts are told once per frame, apart from everything else, so that
 * only what shows them is drawn anew.
 */
import type { Message } from '@cloudfreedom/contracts';
import type { ServiceClient } from '@cloudfreedom/ui';
import { type Draft, emptyDraft, endingOf, withEvent } from './draft.ts';
import { findCharge } from './find-charge.ts';
import { type Notice, noticeOfError } from './notice.ts';
import { type AnswerRequest, streamAnswer } from './stream-answer.ts';

/** Stays the same object while only the text grows. */
export interface LiveAnswer {
  /** Id that the assistant's message has, then and when it is stored. */
  id: string;
  /** The message that it follows. */
  parentId: string;
  model: string;
  running: boolean;
  /** Why there is none, or what is wrong beside how it ended. */
  notice: Notice | null;
}
export type LiveText = Pick<Draft, 'text' | 'reasoning'>;

interface AnswerOrder {
  /** The message that the answer follows: a question, or the answer that it goes on with. */
  parentId: string;
  /** Rejects where a file can't be had. */
  request: () => Promise<AnswerRequest>;
  model: string;
}

export interface Answers {
  of(conversationId: string): LiveAnswer | undefined;
  textOf(conversationId: string): LiveText | undefined;
  anyRunning(): boolean;
  subscribe(listener: () => void): () => void;
  /** Told at most once per frame. */
  subscribeToText(listener: () => void): () => void;
  /** Returns at once; one answer per conversation at a time. */
  start(conversationId: string, order: AnswerOrder): void;
  stop(conversationId: string): void;
  /** Resolves when the last answer is stored (or could not be): what follows it must not be stored before it. */
  settled(conversationId: string): Promise<void>;
  stopAll(): void;
}

export interface AnswersOptions {
  services: ServiceClient;
  proxyUrl: string;
  billingUrl: string;
  /** Show the (perhaps partial) answer in its place, stored or not. */
  show: (conversationId: string, message: Message) => void;
  /** Show and store it. Rejects where it could not be stored. */
  keep: (conversationId: string, message: Message) => Promise<void>;
  /** Called at the start and after the end: the budget has moved. */
  onMoneyMoved: () => void;
}

const HIDDEN_PAGE_MS = 250;

export function createAnswers(options: AnswersOptions): Answers {
  const live = new Map<string, LiveAnswer>();
  const drafts = new Map<string, Draft>();
  const controllers = new Map<string, AbortController>();
  const runs = new Map<string, Promise<void>>();
  const [tell, subscribe] = createListeners();
  const [tellText, subscribeToText] = createListeners();
  const tellNextFrame = oncePerFrame(tellText);
  const update = (conversationId: string, changes: Partial<LiveAnswer>) => {
    const before = live.get(conversationId);
    if (before) live.set(conversationId, { ...before, ...changes });
    tell();
  };

  /** @returns what ended it; null: it ended by itself */
  async function write(conversationId: string, order: AnswerOrder, id: string, signal: AbortSignal): Promise<unknown> {
    try {
      const request = await order.request();
      signal.throwIfAborted();
      for await (const event of streamAnswer(options.services, options.proxyUrl, request, signal, id)) {
        drafts.set(conversationId, withEvent(drafts.get(conversationId) ?? emptyDraft(), event));
        tellNextFrame();
      }
      return null;
    } catch (error) {
      return error;
    }
  }

  async function run(conversationId: string, order: AnswerOrder, id: string, signal: AbortSignal): Promise<void> {
    const error = await write(conversationId, order, id, signal);
    const draft = drafts.get(conversationId) ?? emptyDraft();
    const ending = endingOf(draft, error);
    controllers.delete(conversationId);
    const message = messageOf(draft, { id, parentId: order.parentId, model: order.model, ending });
    const empty = draft.text === '';
    if (!empty) options.show(conversationId, message);
    drafts.delete(conversationId);
    update(conversationId, { running: false, notice: noticeAfter(error, ending, empty) });
    options.onMoneyMoved();
    if (empty) return;
    await keepWithCharge(options, conversationId, message, draft.requestId).catch((fault: unknown) =>
      update(conversationId, { notice: { kind: 'notStored', error: fault } }),
    );
  }

  return {
    of: (conversationId) => live.get(conversationId),
    textOf: (conversationId) => drafts.get(conversationId),
    anyRunning: () => controllers.size > 0,
    subscribe,
    subscribeToText,
    start(conversationId, order) {
      if (runs.has(conversationId)) return;
      const controller = new AbortController();
      const id = crypto.randomUUID();
      controllers.set(conversationId, controller);
      drafts.set(conversationId, emptyDraft());
      live.set(conversationId, { id, parentId: order.parentId, model: order.model, running: true, notice: null });
      tell();
      options.onMoneyMoved();
      const ended = run(conversationId, order, id, controller.signal).finally(() => runs.delete(conversationId));
      runs.set(conversationId, ended);
    },
    stop: (conversationId) => controllers.get(conversationId)?.abort(),
    settled: (conversationId) => runs.get(conversationId) ?? Promise.resolve(),
    stopAll() {
      for (const controller of controllers.values()) controller.abort();
      live.clear();
      drafts.clear();
    },
  };
}

function messageOf(draft: Draft, own: Pick<Message, 'id' | 'parentId' | 'model' | 'ending'>): Message {
  const { text, reasoning, chargeEur, servedBy, citations } = draft;
  return {
    ...own,
    role: 'assistant',
    content: text,
    chargeEur,
    reasoning: reasoning === '' ? null : reasoning,
    servedBy,
    citations,
    attachments: [],
    at: new Date().toISOString(),
  };
}

/** What an answer's own ending says needs no second word beside it. */
function noticeAfter(error: unknown, ending: Message['ending'], empty: boolean): Notice | null {
  if (error !== null) return empty || ending === 'failed' ? noticeOfError(error, !empty) : null;
  if (!empty || ending === null) return null;
  if (ending === 'filter') return { kind: 'contentFilter' };
  return ending === 'whole' ? { kind: 'empty' } : { kind: 'length' };
}

/** A stored message can't be changed: its charge has to be known before. */
async function keepWithCharge(
  options: AnswersOptions,
  conversationId: string,
  message: Message,
  requestId: string | null,
): Promise<void> {
  let { chargeEur } = message;
  if (chargeEur === null && requestId !== null)
    chargeEur = await findCharge(options.services, options.billingUrl, requestId);
  await options.keep(conversationId, { ...message, chargeEur });
}

function createListeners(): [tell: () => void, subscribe: (listener: () => void) => () => void] {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return [tell, subscribe];
}

/** A hidden page gets no frames: a timer instead. */
function oncePerFrame(action: () => void): () => void {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    const act = () => {
      planned = false;
      action();
    };
    if (document.hidden) setTimeout(act, HIDDEN_PAGE_MS);
    else requestAnimationFrame(act);
  };
}
