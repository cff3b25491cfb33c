import type { Message } from '@cloudfreedom/contracts';
import { CopyButton } from '@mantine/core';
import { IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAnswer } from '../answers/answers.ts';
import { useLiveText } from '../answers/answers-context.tsx';
import { useSmoothText } from '../answers/smooth-text.ts';
import { AnswerText } from '../markdown/answer-text.tsx';
import { withoutUnclosedMarkers } from '../markdown/unclosed-markers.ts';
import { AnswerEnding } from './answer-ending.tsx';
import { AnswerFrame } from './answer-frame.tsx';
import { Citations } from './citations.tsx';
import { chargeOf } from './exchanges.ts';
import type { Step } from './message-tree.ts';
import { SiblingSwitch } from './sibling-switch.tsx';
import { Thinking } from './thinking.tsx';
import type { ThreadActions } from './thread-actions.ts';
import { Waiting } from './waiting.tsx';

interface AnswerViewProps {
  /** The answer and what went on with it, as far as they are kept. */
  steps: Step<Message>[];
  question: Message | null;
  conversationId: string;
  /** It is being written, or gone on with. */
  live: LiveAnswer | undefined;
  /** Nothing follows it, so what can be done about its ending is offered. */
  last: boolean;
  actions: ThreadActions;
}

function isSame(a: AnswerViewProps, b: AnswerViewProps): boolean {
  return (
    a.live === b.live &&
    a.last === b.last &&
    a.question === b.question &&
    a.steps.length === b.steps.length &&
    a.steps.every((step, index) => {
      const other = b.steps[index];
      return step.message === other?.message && step.siblings.join() === other.siblings.join();
    })
  );
}

export const AnswerView = memo(function AnswerView(props: AnswerViewProps) {
  const { steps, question, conversationId, live, last, actions } = props;
  const messages = steps.map(({ message }) => message);
  const final = messages.at(-1);
  const model = live?.model ?? final?.model ?? null;
  return (
    <AnswerFrame
      model={model}
      chargeEur={live ? null : chargeOf(messages)}
      answerIds={messages.map(({ id }) => id)}
      servedBy={final?.servedBy ?? null}
      busy={live !== undefined}
      acts={!live && <AnswerActs messages={messages} steps={steps} question={question} actions={actions} />}
    >
      <AnswerBody
        before={messages.map(({ content }) => content).join('')}
        reasoning={messages
          .map(({ reasoning }) => reasoning ?? '')
          .join('\n\n')
          .trim()}
        conversationId={live ? conversationId : null}
      />
      <Citations citations={messages.flatMap(({ citations }) => citations)} />
      {!live && final && <AnswerEnding message={final} question={question} last={last} actions={actions} />}
    </AnswerFrame>
  );
}, isSame);

/** The only part that is drawn anew while an answer grows. `conversationId`: null once it is kept. */
function AnswerBody(props: { before: string; reasoning: string; conversationId: string | null }) {
  const live = useLiveText(props.conversationId);
  const growing = props.conversationId !== null;
  const fresh = useSmoothText(live?.text ?? '', growing);
  const text = props.before + fresh;
  const reasoning = props.reasoning + (live?.reasoning ?? '');
  const waiting = growing && text === '';
  const shown = useMemo(() => (growing ? withoutUnclosedMarkers(text) : text), [growing, text]);
  return (
    <>
      {reasoning !== '' && <Thinking text={reasoning} running={waiting} />}
      {waiting ? <Waiting /> : <AnswerText text={shown} />}
    </>
  );
}

function AnswerActs(props: {
  messages: Message[];
  steps: Step<Message>[];
  question: Message | null;
  actions: ThreadActions;
}) {
  const { t } = useTranslation('app');
  const { messages, steps, question, actions } = props;
  return (
    <span className="chat-acts">
      {steps.map((step) => (
        <SiblingSwitch key={step.message.id} step={step} actions={actions} />
      ))}
      <CopyButton value={messages.map(({ content }) => content).join('')}>
        {({ copied, copy }) => {
          const label = copied ? t('markdown.copied') : t('thread.copy');
          return (
            <button type="button" className="chat-act" aria-label={label} title={label} onClick={copy}>
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </button>
          );
        }}
      </CopyButton>
      {question && (
        <button
          type="button"
          className="chat-act"
          aria-label={t('thread.again')}
          title={t('thread.again')}
          onClick={() => actions.answer(question)}
        >
          <IconRefresh size={16} aria-hidden />
        </button>
      )}
    </span>
  );
}
