/**
 * Answers that are being written, by conversation. They live outside of the pages: who opens another conversation while
 * one streams finds it whole when coming back. Changes are told once per frame.
 */
import type { Message } from '@cloudfreedom/contracts';
import type { ServiceClient } from '@cloudfreedom/ui';
import { findCharge } from './find-charge.ts';
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
  const controllers = new Map<string, AbortController>();
  const runs = new Map<string, Promise<void>>();
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
    let requestId: string | null = null;
    let notice: Notice | null = null;
    try {
      for await (const event of streamAnswer(options.services, options.proxyUrl, request, signal)) {
        if (event.type === 'text') {
          text += event.text;
          update(conversationId, { text });
          tellNextFrame();
        } else if (event.type === 'accepted') requestId = event.requestId;
        else if (event.type === 'charge') chargeEur = event.note.charge_eur;
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
    if (text !== '') options.show(conversationId, message);
    update(conversationId, { running: false, text: '', notice });
    tell();
    options.onMoneyMoved();
    if (text === '') return;
    await keepWithCharge(options, conversationId, message, requestId).catch((error: unknown) => {
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
      if (runs.has(conversationId)) return;
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
      const ended = run(conversationId, request, controller.signal).finally(() => runs.delete(conversationId));
      runs.set(conversationId, ended);
    },
    stop: (conversationId) => controllers.get(conversationId)?.abort(),
    settled: (conversationId) => runs.get(conversationId) ?? Promise.resolve(),
    stopAll() {
      for (const controller of controllers.values()) controller.abort();
      live.clear();
    },
  };
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
