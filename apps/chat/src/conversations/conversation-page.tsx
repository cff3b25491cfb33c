import type { ConversationSettings } from '@cloudfreedom/contracts';
import { ErrorState } from '@cloudfreedom/ui';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAnswers, useLiveAnswer } from '../answers/answers-context.tsx';
import { useConversationAssistant } from '../assistants/conversation-assistant.tsx';
import { withAssistant } from '../assistants/with-assistant.ts';
import { Composer } from '../composer/composer.tsx';
import { useCostQuestion } from '../costs/cost-question.tsx';
import { MoreButton } from '../settings/more-button.tsx';
import { PLAIN_SETTINGS } from '../settings/plain-settings.ts';
import { saveSettings } from '../settings/settings.queries.ts';
import { type Choices, pathOf, pathTo } from '../thread/message-tree.ts';
import { Thread, Welcome } from '../thread/thread.tsx';
import { useThreadActions } from '../thread/thread-actions.ts';
import { useConversation, useConversationsAccess } from './conversations.queries.ts';
import { type Asked, useQuestions } from './questions.ts';
import { TEMPORARY_ID } from './temporary.ts';

const AssistantPicker = lazy(() => import('../assistants/assistant-picker.tsx'));

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
  const assisted = useConversationAssistant(conversationId, conversation.data);
  const { choice } = assisted;
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
    assistantId: assisted.id,
    lastId: path?.at(-1)?.message.id ?? null,
    onWritten: () => setBranch({ conversationId, choices: NO_CHOICES }),
  });
  const cost = useCostQuestion({
    instructions: withAssistant(settings, assisted.assistant).instructions,
    assistantFiles: assisted.assistant?.files ?? [],
    model: choice.chosen,
  });
  const upTo = (id: string | null) => pathTo(messages ?? [], id).map(({ message }) => message);
  const send = async (asked: Asked) => {
    const before = path?.map(({ message }) => message) ?? [];
    return (
      (await cost.ask([...before, { content: asked.text, attachments: [] }], asked.files)) && questions.send(asked)
    );
  };
  const actions = useThreadActions({
    answer: async (message) => {
      if (await cost.ask(upTo(message.id))) await questions.answer(message);
    },
    edit: async (question, text) => {
      const edited = { content: text, attachments: question.attachments };
      return (await cost.ask([...upTo(question.parentId), edited])) && questions.edit(question, text);
    },
    choose: (parentId, id) => setBranch({ conversationId, choices: new Map([...choices, [parentId, id]]) }),
  });
  const saveMore = async (given: ConversationSettings) => {
    if (conversationId === null) setNewSettings(given);
    else await saveSettings(access, conversationId, given);
  };
  const title = temporary ? t('temporary.title') : conversation.data?.title;
  useEffect(() => {
    document.title = title ? t('title.conversation', { title }) : t('title.bare');
  }, [title, t]);

  return (
    <>
      {conversationId === null || (temporary && path?.length === 0 && !live) ? (
        <Welcome text={temporary ? t('temporary.welcomeText') : t('thread.welcomeText')}>
          <Suspense>
            <AssistantPicker chosenId={assisted.picked} onChoose={assisted.choose} />
          </Suspense>
        </Welcome>
      ) : conversation.isError ? (
        <ErrorState error={conversation.error} level={1} onRetry={() => void conversation.refetch()} />
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
        refused={assisted.refused}
        note={assisted.note}
        onSend={send}
        onStop={() => conversationId && answers.stop(conversationId)}
      />
      {cost.question}
    </>
  );
}
