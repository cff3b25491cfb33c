import type { Message } from '@cloudfreedom/contracts';
import { ActionIcon, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { Fragment, useDeferredValue, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAnswer } from '../answers/answers.ts';
import { AnswerText } from '../markdown/answer-text.tsx';
import { withoutUnclosedMarkers } from '../markdown/unclosed-markers.ts';
import { NoAnswer } from './no-answer.tsx';
import { NoticeCard } from './notice-card.tsx';
import { finishedParagraphs } from './paragraphs.ts';
import { useStickToBottom } from './stick-to-bottom.ts';
import { AnswerFrame, ThreadMessage } from './thread-message.tsx';
import { unansweredQuestions } from './unanswered.ts';

export interface ThreadProps {
  /** undefined: still loading. */
  messages: Message[] | undefined;
  live: LiveAnswer | undefined;
  /** A question is on its way to be stored. */
  sending: boolean;
  onRetry: () => void;
  onAskAgain: (question: Message) => void;
}

/** The messages of a conversation and the answer that is being written. */
export function Thread({ messages, live, sending, onRetry, onAskAgain }: ThreadProps) {
  const { t } = useTranslation('app');
  const element = useRef<HTMLDivElement>(null);
  const text = useDeferredValue(live?.text ?? '');
  const lastOwn = messages?.findLast((message) => message.role === 'user')?.id;
  const scroll = useStickToBottom(element, lastOwn);
  return (
    <div className="chat-thread-frame">
      <section
        className="chat-thread"
        ref={element}
        onScroll={scroll.onScroll}
        aria-label={t('thread.label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className="chat-column">
          {messages ? (
            <Messages
              messages={messages}
              busy={sending || live?.running === true}
              live={live}
              onAskAgain={onAskAgain}
            />
          ) : (
            <MessagesSkeleton />
          )}
          {live?.running && (
            <AnswerFrame key={live.id} model={live.model} chargeEur={null} busy>
              {text === '' ? <Waiting /> : <AnswerText text={withoutUnclosedMarkers(text)} />}
            </AnswerFrame>
          )}
          {live?.notice && <NoticeCard notice={live.notice} onRetry={onRetry} />}
        </div>
      </section>
      <Announcer live={live} messages={messages} />
      {scroll.away && (
        <ActionIcon
          className="chat-to-latest"
          variant="default"
          radius="xl"
          size="lg"
          aria-label={t('thread.toLatest')}
          onClick={scroll.toBottom}
        >
          <IconArrowDown size={18} aria-hidden />
        </ActionIcon>
      )}
    </div>
  );
}

function Messages(props: {
  messages: Message[];
  busy: boolean;
  live: LiveAnswer | undefined;
  onAskAgain: (question: Message) => void;
}) {
  const { messages, busy, live, onAskAgain } = props;
  const unanswered = unansweredQuestions(messages);
  const last = messages.at(-1)?.id;
  // The last question's answer may be on its way, or a notice says why there is none.
  if (last !== undefined && (busy || live?.notice)) unanswered.delete(last);
  return messages.map((message) => (
    <Fragment key={message.id}>
      <ThreadMessage message={message} />
      {unanswered.has(message.id) && <NoAnswer busy={busy} onAskAgain={() => onAskAgain(message)} />}
    </Fragment>
  ));
}

/** Says each paragraph of a new answer once, when it is finished. */
function Announcer({ live, messages }: { live: LiveAnswer | undefined; messages: Message[] | undefined }) {
  const stored = live && !live.running ? messages?.find((message) => message.id === live.id) : undefined;
  const paragraphs = live ? finishedParagraphs(stored?.content ?? live.text, stored !== undefined) : [];
  return (
    <div className="cf-visually-hidden" role="log" aria-live="polite">
      {paragraphs.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are only ever added at the end
        <p key={`${live?.id}-${index}`}>{paragraph}</p>
      ))}
    </div>
  );
}

function Waiting() {
  const { t } = useTranslation('app');
  return (
    <div className="chat-waiting">
      <span className="cf-visually-hidden" role="status">
        {t('thread.waiting')}
      </span>
      <span aria-hidden />
      <span aria-hidden />
      <span aria-hidden />
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
export function Welcome() {
  const { t } = useTranslation('app');
  return (
    <div className="chat-welcome">
      <Title order={1}>{t('thread.welcome')}</Title>
      <Text c="dimmed" maw={440}>
        {t('thread.welcomeText')}
      </Text>
    </div>
  );
}
