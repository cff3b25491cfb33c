import type { Assistant, ListedModel } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconRobot } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isGone } from './assistants.queries.ts';

/** Which assistant answers here, above the message field. `onDrop`: where it can still be left out. */
export function AssistantNote(props: {
  assistant: UseQueryResult<Assistant>;
  models: ListedModel[] | undefined;
  onDrop: (() => void) | null;
}) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const { assistant, models, onDrop } = props;
  const drop = onDrop && <CloseButton size="sm" aria-label={t('assistants.drop')} onClick={onDrop} />;
  if (assistant.isError && !assistant.data) {
    const gone = isGone(assistant.error);
    return (
      <div className="chat-assistant" role="status">
        <IconAlertTriangle size={18} stroke={1.7} aria-hidden />
        <p>{gone ? t('assistants.gone') : t('assistants.notLoaded', { why: failureWords(assistant.error) })}</p>
        {!gone && (
          <Button size="compact-sm" variant="default" onClick={() => void assistant.refetch()}>
            {t('ui:actions.retry')}
          </Button>
        )}
        {drop}
      </div>
    );
  }
  if (!assistant.data) return null;
  const { name, description, model, files } = assistant.data;
  const missing = model !== null && models !== undefined && !models.some(({ id }) => id === model);
  const remarks = [
    description,
    files.length > 0 && t('assistants.filesGo', { count: files.length }),
    missing && t('assistants.modelMissing', { model }),
  ].filter((words) => typeof words === 'string' && words !== '');
  return (
    <section className="chat-assistant" aria-label={t('assistants.ofConversation')}>
      <IconRobot size={18} stroke={1.7} aria-hidden />
      <p>
        <b>{name}</b>
        {remarks.length > 0 && <span>{remarks.join(' · ')}</span>}
      </p>
      {drop}
    </section>
  );
}
