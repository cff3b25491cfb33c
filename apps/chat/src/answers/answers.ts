/**
 * Answers that are being written, by conversation. They live outside of the pages: who opens another conversation while
 * one streams finds it whole when coming back. Changes are told once per frame.
 */
import type { Message } from '@cloudfreedom/contracts';
import type { ServiceClient } from '@cloudfreedom/ui';
import { type Notice, noticeOfError, noticeOfFinish } from './notice.ts';
import { type AnswerRequest, streamAnswer } from './stream-answer.ts';

export interface LiveAnswer {
  /** Id that the assistant's message has, then and when it is stored. */
  id: string;
  model: string;
  text: string;
  running: boolean;
  notice: Notice | null;
}

export interface Answers {
  of(conversationId: string): LiveAnswer | undefined;
  anyRunning(): boolean;
  subscribe(listener: () => void): () => void;
  /** Returns at once; one answer per conversation at a time. */
  start(conversationId: string, request: AnswerRequest): void;
  stop(conversationId: string): void;
  stopAll(): void;
}

export interface AnswersOptions {
  services: ServiceClient;
  proxyUrl: string;
  /** Keep the (perhaps partial) answer. Rejects where it could not be stored. */
  keep: (conversationId: string, message: Message) => Promise<void>;
  /** Called at the start and after the end: the budget has moved. */
  onMoneyMoved: () => void;
}

const HIDDEN_PAGE_MS = 250;

export function createAnswers(options: AnswersOptions): Answers {
  const live = new Map<string, LiveAnswer>();
  const controllers = new Map<string, AbortController>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const tellNextFrame = oncePerFrame(tell);
  const update = (conversationId: string, changes: Partial<LiveAnswer>) => {
    const before = live.get(conversationId);
    if (before) live.set(conversationId, { ...before, ...changes });
  };

  async function run(conversationId: string, request: AnswerRequest, signal: AbortSignal): Promise<void> {
    const id = live.get(conversationId)?.id ?? crypto.randomUUID();
    let text = '';
    let chargeEur: string | null = null;
    let notice: Notice | null = null;
    try {
      for await (const event of streamAnswer(options.services, options.proxyUrl, request, signal)) {
        if (event.type === 'text') {
          text += event.text;
          update(conversationId, { text });
          tellNextFrame();
        } else if (event.type === 'charge') chargeEur = event.note.charge_eur;
        else notice = noticeOfFinish(event.reason);
      }
    } catch (error) {
      notice = noticeOfError(error, text !== '');
    }
    controllers.delete(conversationId);
    const message: Message = {
      id,
      role: 'assistant',
      content: text,
      model: request.model,
      chargeEur,
      at: new Date().toISOString(),
    };
    const kept = text === '' ? undefined : options.keep(conversationId, message);
    update(conversationId, { running: false, text: '', notice });
    tell();
    options.onMoneyMoved();
    await kept?.catch((error: unknown) => {
      update(conversationId, { notice: { kind: 'notStored', error } });
      tell();
    });
  }

  return {
    of: (conversationId) => live.get(conversationId),
    anyRunning: () => controllers.size > 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(conversationId, request) {
      if (controllers.has(conversationId)) return;
      const controller = new AbortController();
      controllers.set(conversationId, controller);
      live.set(conversationId, {
        id: crypto.randomUUID(),
        model: request.model,
        text: '',
        running: true,
        notice: null,
      });
      tell();
      options.onMoneyMoved();
      void run(conversationId, request, controller.signal);
    },
    stop: (conversationId) => controllers.get(conversationId)?.abort(),
    stopAll() {
      for (const controller of controllers.values()) controller.abort();
      live.clear();
    },
  };
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
