import type { Message } from '@cloudfreedom/contracts';
import { ActionIcon, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { type ReactNode, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAnswer } from '../answers/answers.ts';
import { SwitchNote } from '../models/switch-note.tsx';
import { Announcer } from './announcer.tsx';
import { AnswerView } from './answer-view.tsx';
import { type Exchange, exchangesOf, isPartial, modelOf } from './exchanges.ts';
import type { Step } from './message-tree.ts';
import { NoAnswer } from './no-answer.tsx';
import { NoticeCard } from './notice-card.tsx';
import { QuestionView } from './question-view.tsx';
import { useReadingPlace } from './reading-place.ts';
import type { ThreadActions } from './thread-actions.ts';

export interface ThreadProps {
  conversationId: string;
  /** undefined: still loading. */
  path: Step<Message>[] | undefined;
  live: LiveAnswer | undefined;
  /** A question is on its way to be stored. */
  sending: boolean;
  actions: ThreadActions;
}

/** The messages of a conversation and the answer that is being written. */
export function Thread({ conversationId, path, live, sending, actions }: ThreadProps) {
  const { t } = useTranslation('app');
  const element = useRef<HTMLDivElement>(null);
  const exchanges = useMemo(() => exchangesOf(path ?? []), [path]);
  const place = useReadingPlace(element, exchanges.at(-1)?.id);
  const busy = sending || live?.running === true;
  return (
    <div className="chat-thread-frame">
      <section
        className="chat-thread"
        ref={element}
        onScroll={place.onScroll}
        aria-label={t('thread.label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className="chat-column" data-busy={busy}>
          {!path && <MessagesSkeleton />}
          {exchanges.map((exchange, index) => {
            const last = index === exchanges.length - 1;
            return (
              <ExchangeView
                key={exchange.id}
                exchange={exchange}
                modelBefore={modelOf(exchanges[index - 1])}
                conversationId={conversationId}
                live={last ? live : undefined}
                last={last}
                busy={last && busy}
                actions={actions}
              />
            );
          })}
        </div>
      </section>
      <Announcer conversationId={conversationId} live={live} path={path ?? []} />
      {place.away && (
        <ActionIcon
          className="chat-to-latest"
          data-shortcut="latest"
          variant="default"
          radius="xl"
          size="lg"
          aria-label={t('thread.toLatest')}
          onClick={place.toLatest}
        >
          <IconArrowDown size={18} aria-hidden />
        </ActionIcon>
      )}
    </div>
  );
}

function ExchangeView(props: {
  exchange: Exchange;
  /** Who answered before; null: nobody. */
  modelBefore: string | null;
  conversationId: string;
  live: LiveAnswer | undefined;
  last: boolean;
  busy: boolean;
  actions: ThreadActions;
}) {
  const { exchange, conversationId, live, last, busy, actions } = props;
  const { question, answers } = exchange;
  const running = live?.running ? live : undefined;
  const lastMessage = answers.at(-1)?.at(-1)?.message;
  // It goes on with the last answer, or is one of its own.
  const continued = running && lastMessage?.id === running.parentId && isPartial(lastMessage);
  // In one list with the others, so that it stays the same when it is kept.
  const shown = running && !continued ? [...answers, []] : answers;
  const unanswered = question && answers.length === 0 && !running && !busy && !live?.notice;
  const model = running?.model ?? modelOf(exchange);
  const switched = props.modelBefore !== null && model !== null && model !== props.modelBefore;
  const retry = () => question && actions.answer(question.message);
  return (
    <div className="chat-exchange" data-exchange={exchange.id}>
      {question && <QuestionView step={question} actions={actions} />}
      {switched && <SwitchNote model={model} />}
      {shown.map((steps, index) => {
        const ending = index === shown.length - 1;
        return (
          <AnswerView
            key={steps[0]?.message.id ?? running?.id}
            steps={steps}
            question={question?.message ?? null}
            conversationId={conversationId}
            live={ending ? running : undefined}
            last={ending && last && !busy && !live?.notice}
            actions={actions}
          />
        );
      })}
      {unanswered && <NoAnswer busy={busy} onAskAgain={retry} />}
      {live?.notice && <NoticeCard notice={live.notice} kept={live.id === lastMessage?.id} onRetry={retry} />}
    </div>
  );
}

function MessagesSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Skeleton height={44} width="55%" ml="auto" radius="lg" />
      <Skeleton height={16} />
      <Skeleton height={16} width="92%" />
      <Skeleton height={16} width="70%" />
    </Stack>
  );
}

/** Before the first message. */
export function Welcome({ text, children }: { text: string; children?: ReactNode }) {
  const { t } = useTranslation('app');
  return (
    <div className="chat-welcome">
      <Title order={1}>{t('thread.welcome')}</Title>
      <Text c="dimmed" maw={440}>
        {text}
      </Text>
      {children}
    </div>
  );
}
