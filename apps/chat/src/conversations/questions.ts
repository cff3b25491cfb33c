import type { Conversation, ConversationSettings, Message } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAnswers } from '../answers/answers-context.tsx';
import { requestOf } from '../answers/request-of.ts';
import { type ChosenFile, keepFiles, loadFile } from '../files/files.queries.ts';
import type { useChosenModel } from '../models/models.queries.ts';
import { saveSettings } from '../settings/settings.queries.ts';
import { pathTo } from '../thread/message-tree.ts';
import { conversationKey, useConversationsAccess } from './conversations.queries.ts';
import { beginConversation, storeQuestion } from './store-question.ts';

export interface Asked {
  text: string;
  files: ChosenFile[];
}

/** Asking in a conversation, or in a new one: a question, an edited one, an answer again, or the rest of one. */
export function useQuestions(options: {
  conversation: Conversation | undefined;
  conversationId: string | null;
  choice: ReturnType<typeof useChosenModel>;
  settings: ConversationSettings;
  /** The message that a new question follows. */
  lastId: string | null;
  /** What was written last is what is shown. */
  onWritten: () => void;
}) {
  const { conversation, conversationId, choice, settings, onWritten } = options;
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const access = useConversationsAccess();
  const answers = useAnswers();
  const failureWords = useFailureWords();
  const [fault, setFault] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  const answer = (id: string, parentId: string) => {
    const model = choice.chosen;
    if (!model) return;
    onWritten();
    const request = () => {
      const messages = access.queries.getQueryData<Conversation>(conversationKey(id))?.messages ?? [];
      const path = pathTo(messages, parentId).map(({ message }) => message);
      return requestOf(model, path, settings, (file) => loadFile(access, id, file));
    };
    answers.start(id, { parentId, model: model.id, request });
    choice.choose(model.id);
  };
  const ask = async ({ text, files }: Asked, parentId: string | null, kept: Message['attachments']) => {
    if (!choice.chosen) return false;
    setFault(null);
    setSending(true);
    try {
      if (conversationId) await answers.settled(conversationId);
      const id = conversationId ?? (await beginConversation(access, text, files[0]?.file.name ?? ''));
      if (conversationId === null) {
        await saveSettings(access, id, settings);
        void navigate(`/c/${id}`);
      }
      const attachments = [...kept, ...(await keepFiles(access, id, files))];
      const question = await storeQuestion(access, id, { text, parentId, attachments });
      answer(id, question.id);
      return true;
    } catch (error) {
      setFault(t('composer.notSent', { why: failureWords(error) }));
      return false;
    } finally {
      setSending(false);
    }
  };
  return {
    send: (asked: Asked) => ask(asked, options.lastId, []),
    /** A question in other words, beside the first one. */
    edit: (question: Message, text: string) => ask({ text, files: [] }, question.parentId, question.attachments),
    /** An answer to this question, or the rest of this answer. */
    answer: async (message: Message) => {
      if (!conversationId || !conversation) return;
      await answers.settled(conversationId);
      answer(conversationId, message.id);
    },
    fault,
    sending,
  };
}
