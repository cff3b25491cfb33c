import { ErrorState, useFailureWords } from '@cloudfreedom/ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useAnswers, useLiveAnswer } from '../answers/answers-context.tsx';
import { Composer } from '../composer/composer.tsx';
import { useChosenModel } from '../models/models.queries.ts';
import { Thread, Welcome } from '../thread/thread.tsx';
import { useConversation, useConversationsAccess } from './conversations.queries.ts';
import { requestOf, storeQuestion } from './store-question.ts';

/** One conversation, or the place to begin one. The composer stays the same through all of them. */
export function ConversationPage() {
  const { t } = useTranslation('app');
  const { conversationId = null } = useParams();
  const navigate = useNavigate();
  const access = useConversationsAccess();
  const answers = useAnswers();
  const live = useLiveAnswer(conversationId);
  const conversation = useConversation(conversationId);
  const choice = useChosenModel();
  const failureWords = useFailureWords();
  const [fault, setFault] = useState<string | null>(null);
  const title = conversation.data?.title;
  useEffect(() => {
    document.title = title ? t('title.conversation', { title }) : t('title.bare');
  }, [title, t]);

  const send = async (text: string): Promise<boolean> => {
    const model = choice.chosen?.id;
    if (!model) return false;
    setFault(null);
    try {
      const stored = await storeQuestion(access, conversationId, text, (id) => void navigate(`/c/${id}`));
      answers.start(stored.conversationId, requestOf(model, stored.messages));
      return true;
    } catch (error) {
      setFault(t('composer.notSent', { why: failureWords(error) }));
      return false;
    }
  };
  const retry = () => {
    const messages = conversation.data?.messages ?? [];
    const upToQuestion = messages.slice(0, messages.findLastIndex((message) => message.role === 'user') + 1);
    if (conversationId && choice.chosen) answers.start(conversationId, requestOf(choice.chosen.id, upToQuestion));
  };

  return (
    <>
      {conversationId === null ? (
        <Welcome />
      ) : conversation.isError ? (
        <ErrorState error={conversation.error} onRetry={() => void conversation.refetch()} />
      ) : (
        <>
          <h1 className="cf-visually-hidden">{title ?? t('conversations.label')}</h1>
          <Thread key={conversationId} messages={conversation.data?.messages} live={live} onRetry={retry} />
        </>
      )}
      <Composer
        choice={choice}
        running={live?.running ?? false}
        fault={fault}
        onSend={send}
        onStop={() => conversationId && answers.stop(conversationId)}
      />
    </>
  );
}
