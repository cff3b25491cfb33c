import { ProviderDot, providerOf } from '@cloudfreedom/ui';
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChargeButton } from '../costs/charge-button.tsx';
import { useModelName } from '../models/model-name.ts';
import { useModels } from '../models/models.queries.ts';
import { readServedBy } from './served-by.ts';

/** That the first call failed, why, and who answered in its place. */
function ServedBy({ servedBy }: { servedBy: string }) {
  const { t } = useTranslation('app');
  const { deployment, reason } = readServedBy(servedBy);
  const words = {
    busy: t('servedBy.busy', { deployment }),
    timeout: t('servedBy.timeout', { deployment }),
    unreachable: t('servedBy.unreachable', { deployment }),
    fault: t('servedBy.fault', { deployment }),
    other: t('servedBy.other', { deployment }),
  };
  return words[reason];
}

/** An answer with what is said of it: which model, what it cost, who served it. */
export function AnswerFrame(props: {
  model: string | null;
  chargeEur: string | null;
  /** Of the answers whose charge it is; empty: nothing more is known of it. */
  answerIds: string[];
  servedBy: string | null;
  busy?: boolean;
  acts?: ReactNode;
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
            <ChargeButton amount={props.chargeEur} requestIds={props.answerIds} />
          </Text>
        )}
        {props.acts}
      </Group>
      {props.servedBy !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          <ServedBy servedBy={props.servedBy} />
        </Text>
      )}
    </article>
  );
}
