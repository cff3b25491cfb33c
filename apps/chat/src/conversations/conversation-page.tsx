import { ErrorState } from '@cloudfreedom/ui';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAnswers, useLiveAnswer } from '../answers/answers-context.tsx';
import { Composer } from '../composer/composer.tsx';
import { useCostQuestion } from '../costs/cost-question.tsx';
import { useChosenModel } from '../models/models.queries.ts';
import { Thread, Welcome } from '../thread/thread.tsx';
import { useConversation } from './conversations.queries.ts';
import { useQuestions } from './questions.ts';
import { TEMPORARY_ID } from './temporary.ts';

/** One conversation, or the place to begin one. The composer stays the same through all of them. */
export function ConversationPage({ temporary = false }: { temporary?: boolean }) {
  const { t } = useTranslation('app');
  const params = useParams();
  const conversationId = temporary ? TEMPORARY_ID : (params.conversationId ?? null);
  const answers = useAnswers();
  const live = useLiveAnswer(conversationId);
  const conversation = useConversation(conversationId);
  const choice = useChosenModel();
  const questions = useQuestions(conversation.data, conversationId, choice);
  const cost = useCostQuestion(conversation.data, choice.chosen);
  const title = temporary ? t('temporary.title') : conversation.data?.title;
  useEffect(() => {
    document.title = title ? t('title.conversation', { title }) : t('title.bare');
  }, [title, t]);

  return (
    <>
      {conversationId === null ? (
        <Welcome />
      ) : conversation.isError ? (
        <ErrorState error={conversation.error} onRetry={() => void conversation.refetch()} />
      ) : (
        <>
          <h1 className="cf-visually-hidden">{title ?? t('conversations.label')}</h1>
          <Thread
            key={conversationId}
            messages={conversation.data?.messages}
            live={live}
            sending={questions.sending}
            onRetry={() => void questions.retry()}
            onAskAgain={questions.askAgain}
          />
        </>
      )}
      <Composer
        choice={choice}
        running={live?.running ?? false}
        fault={questions.fault}
        onSend={async (text) => (await cost.ask(text)) && questions.send(text)}
        onStop={() => conversationId && answers.stop(conversationId)}
      />
      {cost.question}
    </>
  );
}
