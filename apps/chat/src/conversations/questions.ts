import type { Conversation, Message } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAnswers } from '../answers/answers-context.tsx';
import type { useChosenModel } from '../models/models.queries.ts';
import { useConversationsAccess } from './conversations.queries.ts';
import { requestOf, storeQuestion } from './store-question.ts';

/** Asking in a conversation, or in a new one: a question, the last one again, an earlier one anew. */
export function useQuestions(
  conversation: Conversation | undefined,
  conversationId: string | null,
  choice: ReturnType<typeof useChosenModel>,
) {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const access = useConversationsAccess();
  const answers = useAnswers();
  const failureWords = useFailureWords();
  const [fault, setFault] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  const send = async (text: string): Promise<boolean> => {
    const model = choice.chosen?.id;
    if (!model) return false;
    setFault(null);
    setSending(true);
    try {
      if (conversationId) await answers.settled(conversationId);
      const stored = await storeQuestion(access, conversationId, text, (id) => void navigate(`/c/${id}`));
      answers.start(stored.conversationId, requestOf(model, stored.messages));
      choice.choose(model);
      return true;
    } catch (error) {
      setFault(t('composer.notSent', { why: failureWords(error) }));
      return false;
    } finally {
      setSending(false);
    }
  };
  const retry = async () => {
    if (!conversationId || !choice.chosen) return;
    await answers.settled(conversationId);
    const messages = conversation?.messages ?? [];
    const upToQuestion = messages.slice(0, messages.findLastIndex((message) => message.role === 'user') + 1);
    answers.start(conversationId, requestOf(choice.chosen.id, upToQuestion));
  };
  // Answers stand at the end: an earlier question comes there anew, so that its answer follows it.
  const askAgain = (question: Message) => {
    if (question.id === conversation?.messages.at(-1)?.id) void retry();
    else void send(question.content);
  };
  return { send, retry, askAgain, fault, sending };
}
