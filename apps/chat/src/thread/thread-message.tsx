import type { Message } from '@cloudfreedom/contracts';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerText } from '../markdown/answer-text.tsx';
import { AnswerFrame } from './answer-frame.tsx';
import { Citations } from './citations.tsx';
import { QuestionText } from './question-text.tsx';

/** A message to read, nothing else. */
export const ThreadMessage = memo(function ThreadMessage({ message }: { message: Message }) {
  const { t } = useTranslation('app');
  if (message.role !== 'assistant') {
    return (
      <article className="chat-message" data-role="user" aria-label={t('thread.you')}>
        <h2 className="cf-visually-hidden">{t('thread.you')}</h2>
        <QuestionText text={message.content} />
      </article>
    );
  }
  return (
    <AnswerFrame model={message.model} chargeEur={message.chargeEur} answerIds={[]} servedBy={null}>
      <AnswerText text={message.content} />
      <Citations citations={message.citations} />
    </AnswerFrame>
  );
});
