import type { AnswerEnding as Ending, Message } from '@cloudfreedom/contracts';
import { Button, Group, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AskForMore } from '../budget/ask-for-more.tsx';
import { isPartial } from './exchanges.ts';
import type { ThreadActions } from './thread-actions.ts';

/** Why an answer that is kept is not whole, and what to do about it. */
export function AnswerEnding(props: {
  message: Message;
  question: Message | null;
  last: boolean;
  actions: ThreadActions;
}) {
  const { t } = useTranslation('app');
  const { message, question, last, actions } = props;
  const { ending } = message;
  if (ending === null || ending === 'whole') return null;
  const words: Record<Exclude<Ending, 'whole'>, string> = {
    stopped: t('ending.stopped'),
    cut: t('ending.cut'),
    length: t('ending.length'),
    budget: t('ending.budget'),
    filter: t('ending.filter'),
    failed: t('ending.failed'),
  };
  return (
    <div className="chat-notice" data-quiet role={last ? 'status' : undefined}>
      <IconInfoCircle size={20} stroke={1.7} aria-hidden />
      <div>
        <Text size="sm">{words[ending]}</Text>
        {last && (
          <Group gap="xs" mt={10}>
            {ending === 'budget' && <AskForMore />}
            {isPartial(message) && (
              <Button variant="default" size="xs" onClick={() => actions.answer(message)}>
                {t('ending.goOn')}
              </Button>
            )}
            {question && (
              <Button variant="default" size="xs" onClick={() => actions.answer(question)}>
                {t('notice.retryCharged')}
              </Button>
            )}
          </Group>
        )}
      </div>
    </div>
  );
}
