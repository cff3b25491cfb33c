import type { Message } from '@cloudfreedom/contracts';
import { CopyableMoney, ProviderDot, providerOf } from '@cloudfreedom/ui';
import { Group, Text } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerText } from '../markdown/answer-text.tsx';
import { useModelName } from '../models/model-name.ts';
import { useModels } from '../models/models.queries.ts';

export const ThreadMessage = memo(function ThreadMessage({ message }: { message: Message }) {
  const { t } = useTranslation('app');
  if (message.role !== 'assistant') {
    return (
      <article className="chat-message" data-role="user" aria-label={t('thread.you')}>
        <h2 className="cf-visually-hidden">{t('thread.you')}</h2>
        <div className="chat-bubble">{message.content}</div>
      </article>
    );
  }
  return (
    <AnswerFrame model={message.model} chargeEur={message.chargeEur}>
      <AnswerText text={message.content} />
    </AnswerFrame>
  );
});

export function AnswerFrame(props: {
  model: string | null;
  chargeEur: string | null;
  busy?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation('app');
  const models = useModels();
  const modelName = useModelName();
  const listed = models.data?.find((model) => model.id === props.model);
  const provider = listed && providerOf(listed.owned_by);
  const name = listed ? modelName(listed) : props.model;
  const title = name ? t('thread.answerOf', { model: name }) : t('thread.answer');
  return (
    <article className="chat-message" data-role="assistant" aria-label={title} aria-busy={props.busy}>
      <h2 className="cf-visually-hidden">{title}</h2>
      {props.children}
      <Group gap={8} mt={10} className="chat-answer-foot">
        {provider && <ProviderDot provider={provider} />}
        {name && (
          <Text size="xs" c="dimmed">
            {name}
          </Text>
        )}
        {props.chargeEur !== null && (
          <Text size="xs" c="dimmed" component="span">
            <span className="cf-visually-hidden">{t('thread.charge')}: </span>
            <CopyableMoney amount={props.chargeEur} />
          </Text>
        )}
      </Group>
    </article>
  );
}
