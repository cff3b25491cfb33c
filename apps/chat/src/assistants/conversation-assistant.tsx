import type { Conversation } from '@cloudfreedom/contracts';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { conversationKey } from '../conversations/conversations.queries.ts';
import { TEMPORARY_ID } from '../conversations/temporary.ts';
import { takes } from '../files/check-file.ts';
import { useModelWith } from './assistant-model.ts';
import { AssistantNote } from './assistant-note.tsx';
import { isGone, useAssistant } from './assistants.queries.ts';

/** The assistant of a conversation, or of the one that begins here: what it changes, and what is to be shown of it. */
export function useConversationAssistant(conversationId: string | null, conversation: Conversation | undefined) {
  const { t } = useTranslation('app');
  const [search, setSearch] = useSearchParams();
  const queries = useQueryClient();
  const isNew = conversationId === null;
  // A temporary chat is there before its first message: its assistant is set in the page's memory.
  const isTemporaryStart = conversationId === TEMPORARY_ID && conversation?.messages.length === 0;
  const choose = (assistantId: string | null) =>
    queries.setQueryData<Conversation>(conversationKey(TEMPORARY_ID), (known) => known && { ...known, assistantId });
  const id = isNew ? search.get('assistant') : (conversation?.assistantId ?? null);
  const known = useAssistant(id);
  const choice = useModelWith(known.data);
  const { chosen } = choice;
  const notTaken = chosen && known.data?.files.find(({ mediaType }) => !takes(chosen, mediaType));
  const onDrop = isNew ? () => setSearch({}) : isTemporaryStart ? () => choose(null) : null;
  const note: ReactNode = id !== null && (
    <AssistantNote assistant={known} models={choice.models.data} onDrop={onDrop} />
  );
  return {
    /** As it is known here; null: none, or it is gone. */
    assistant: known.data ?? null,
    /** What a conversation that begins now is begun with. */
    id: isGone(known.error) ? null : id,
    picked: id,
    /** Sets it where no link can; null: links do, or it is too late. */
    choose: isTemporaryStart ? choose : null,
    choice,
    /** Why nothing can be asked now, in words; empty: it is still being loaded. */
    refused:
      id !== null && known.isPending
        ? ''
        : notTaken
          ? t('assistants.modelCant', { model: chosen.name, name: notTaken.name })
          : null,
    note,
  };
}
