import type { ConversationSettings } from '@cloudfreedom/contracts';
import { ErrorState } from '@cloudfreedom/ui';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAnswers, useLiveAnswer } from '../answers/answers-context.tsx';
import { Composer } from '../composer/composer.tsx';
import { useCostQuestion } from '../costs/cost-question.tsx';
import { useChosenModel } from '../models/models.queries.ts';
import { MoreButton } from '../settings/more-button.tsx';
import { PLAIN_SETTINGS } from '../settings/plain-settings.ts';
import { saveSettings } from '../settings/settings.queries.ts';
import { type Choices, pathOf, pathTo } from '../thread/message-tree.ts';
import { Thread, Welcome } from '../thread/thread.tsx';
import { useThreadActions } from '../thread/thread-actions.ts';
import { useConversation, useConversationsAccess } from './conversations.queries.ts';
import { useQuestions } from './questions.ts';
import { TEMPORARY_ID } from './temporary.ts';

const NO_CHOICES: Choices = new Map();

/** One conversation, or the place to begin one. The composer stays the same through all of them. */
export function ConversationPage({ temporary = false }: { temporary?: boolean }) {
  const { t } = useTranslation('app');
  const params = useParams();
  const conversationId = temporary ? TEMPORARY_ID : (params.conversationId ?? null);
  const access = useConversationsAccess();
  const answers = useAnswers();
  const live = useLiveAnswer(conversationId);
  const conversation = useConversation(conversationId);
  const choice = useChosenModel();
  // Of the conversation that is begun here.
  const [newSettings, setNewSettings] = useState<ConversationSettings>(PLAIN_SETTINGS);
  const settings = conversationId === null ? newSettings : (conversation.data ?? PLAIN_SETTINGS);
  const [branch, setBranch] = useState({ conversationId, choices: NO_CHOICES });
  const choices = branch.conversationId === conversationId ? branch.choices : NO_CHOICES;
  const messages = conversation.data?.messages;
  const path = useMemo(() => {
    if (!messages) return undefined;
    return live?.running ? pathTo(messages, live.parentId) : pathOf(messages, choices);
  }, [messages, choices, live]);
  const questions = useQuestions({
    conversation: conversation.data,
    conversationId,
    choice,
    settings,
    lastId: path?.at(-1)?.message.id ?? null,
    onWritten: () => setBranch({ conversationId, choices: NO_CHOICES }),
  });
  const actions = useThreadActions({
    answer: (message) => void questions.answer(message),
    edit: questions.edit,
    choose: (parentId, id) => setBranch({ conversationId, choices: new Map([...choices, [parentId, id]]) }),
  });
  const saveMore = async (given: ConversationSettings) => {
    if (conversationId === null) setNewSettings(given);
    else await saveSettings(access, conversationId, given);
  };
  const cost = useCostQuestion(path && { messages: path.map(({ message }) => message) }, choice.chosen);
  const title = temporary ? t('temporary.title') : conversation.data?.title;
  useEffect(() => {
    document.title = title ? t('title.conversation', { title }) : t('title.bare');
  }, [title, t]);

  return (
    <>
      {conversationId === null || (temporary && path?.length === 0 && !live) ? (
        <Welcome text={temporary ? t('temporary.welcomeText') : t('thread.welcomeText')} />
      ) : conversation.isError ? (
        <ErrorState error={conversation.error} onRetry={() => void conversation.refetch()} />
      ) : (
        <>
          <h1 className="cf-visually-hidden">{title ?? t('conversations.label')}</h1>
          <Thread
            key={conversationId}
            conversationId={conversationId}
            path={path}
            live={live}
            sending={questions.sending}
            actions={actions}
          />
        </>
      )}
      <Composer
        choice={choice}
        running={live?.running ?? false}
        fault={questions.fault}
        more={<MoreButton settings={settings} model={choice.chosen} onSave={saveMore} />}
        onSend={async (asked) => (await cost.ask(asked.text)) && questions.send(asked)}
        onStop={() => conversationId && answers.stop(conversationId)}
      />
      {cost.question}
    </>
  );
}
