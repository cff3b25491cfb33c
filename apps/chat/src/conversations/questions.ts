import type { Conversation, ConversationSettings, Message } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAnswers } from '../answers/answers-context.tsx';
import { requestOf } from '../answers/request-of.ts';
import { fetchAssistant, loadAssistantFile } from '../assistants/assistants.queries.ts';
import { withAssistant } from '../assistants/with-assistant.ts';
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
  /** Who answers; null: no assistant. */
  assistantId: string | null;
  /** The message that a new question follows. */
  lastId: string | null;
  /** What was written last is what is shown. */
  onWritten: () => void;
}) {
  const { conversation, conversationId, choice, settings, assistantId, onWritten } = options;
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
    const request = async () => {
      const assistant = await fetchAssistant(access, assistantId);
      const messages = access.queries.getQueryData<Conversation>(conversationKey(id))?.messages ?? [];
      const path = pathTo(messages, parentId).map(({ message }) => message);
      const files = await Promise.all(
        (assistant?.files ?? []).map(async (file) => ({
          file,
          data: await loadAssistantFile(access, assistant?.id ?? '', file),
        })),
      );
      return requestOf(model, path, withAssistant(settings, assistant), (file) => loadFile(access, id, file), files);
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
      const id =
        conversationId ?? (await beginConversation(access, { text, fileName: files[0]?.file.name ?? '', assistantId }));
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
