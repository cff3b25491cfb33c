import { Button } from '@mantine/core';
import { IconGhost2 } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnswers } from '../answers/answers-context.tsx';
import { useContentLogNotice } from '../composer/content-log-notice.queries.ts';
import { ConversationPage } from './conversation-page.tsx';
import { conversationKey } from './conversations.queries.ts';
import { emptyTemporary, TEMPORARY_ID } from './temporary.ts';

/** A conversation that is in this page's memory only. It stays while the tab does; "start over" forgets it at once. */
export function TemporaryPage() {
  const { t } = useTranslation('app');
  const queries = useQueryClient();
  const answers = useAnswers();
  const kept = (useContentLogNotice().data?.days ?? 0) > 0;
  const key = conversationKey(TEMPORARY_ID);
  const begin = () => {
    queries.setQueryDefaults(key, { gcTime: Number.POSITIVE_INFINITY });
    queries.setQueryData(key, emptyTemporary());
  };
  useState(() => {
    if (!queries.getQueryData(key)) begin();
  });
  const startOver = async () => {
    answers.stop(TEMPORARY_ID);
    await answers.settled(TEMPORARY_ID);
    begin();
  };
  return (
    <>
      <div className="chat-temporary" role="note">
        <IconGhost2 size={18} stroke={1.7} aria-hidden />
        <span>{kept ? t('temporary.noteLogged') : t('temporary.note')}</span>
        <Button variant="default" size="xs" onClick={() => void startOver()}>
          {t('temporary.startOver')}
        </Button>
      </div>
      <ConversationPage temporary />
    </>
  );
}
