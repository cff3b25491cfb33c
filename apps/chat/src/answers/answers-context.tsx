import { useApp } from '@cloudfreedom/ui';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { appendMessage, showMessage } from '../conversations/conversations.queries.ts';
import { type ServiceUrls, ServiceUrlsContext } from '../shell/service-urls.ts';
import { type Answers, createAnswers, type LiveAnswer, type LiveText } from './answers.ts';

const AnswersContext = createContext<Answers | null>(null);
/** Until then an answer that has just ended is settled. */
const SETTLED_MS = 1_500;

export function AnswersProvider({ urls, children }: { urls: ServiceUrls; children: ReactNode }) {
  const { session, config } = useApp();
  const queries = useQueryClient();
  const [answers] = useState(() =>
    createAnswers({
      services: session.services,
      proxyUrl: urls.proxyUrl,
      billingUrl: config.billingUrl,
      show: (conversationId, message) => showMessage(queries, conversationId, message),
      keep: (conversationId, message) =>
        appendMessage({ services: session.services, queries, ...urls }, conversationId, message),
      onMoneyMoved: () => {
        void queries.invalidateQueries({ queryKey: ['budget'] });
        setTimeout(() => void queries.invalidateQueries({ queryKey: ['budget'] }), SETTLED_MS);
      },
    }),
  );
  useEffect(
    () =>
      session.subscribe(() => {
        if (session.state().status === 'signed_out') answers.stopAll();
      }),
    [session, answers],
  );
  return (
    <ServiceUrlsContext value={urls}>
      <AnswersContext value={answers}>{children}</AnswersContext>
    </ServiceUrlsContext>
  );
}

export function useAnswers(): Answers {
  const answers = useContext(AnswersContext);
  if (!answers) throw new Error('useAnswers outside of AnswersProvider');
  return answers;
}

export function useLiveAnswer(conversationId: string | null): LiveAnswer | undefined {
  const answers = useAnswers();
  return useSyncExternalStore(answers.subscribe, () =>
    conversationId === null ? undefined : answers.of(conversationId),
  );
}

/** What there is of the answer that is being written; undefined: none is, or `conversationId` is null. */
export function useLiveText(conversationId: string | null): LiveText | undefined {
  const answers = useAnswers();
  return useSyncExternalStore(answers.subscribeToText, () =>
    conversationId === null ? undefined : answers.textOf(conversationId),
  );
}

export function useAnyRunning(): boolean {
  const answers = useAnswers();
  return useSyncExternalStore(answers.subscribe, answers.anyRunning);
}
