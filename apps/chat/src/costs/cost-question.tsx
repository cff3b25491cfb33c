import type { Conversation, ListedModel } from '@cloudfreedom/contracts';
import { freeAmount, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBudget } from '../budget/budget.queries.ts';
import { answerTokens, estimateCharge, isCostly, tokensOf } from './estimate.ts';
import { useModelCharge } from './model-charges.queries.ts';

/**
 * Asks before a costly request is sent, in euro. `ask` resolves to whether to send; a request that is not costly, or
 * whose price is not known, is not asked about. `question`: to be shown where the conversation is.
 */
export function useCostQuestion(
  conversation: Pick<Conversation, 'messages'> | undefined,
  model: ListedModel | undefined,
): { ask: (text: string) => Promise<boolean>; question: ReactNode } {
  const budget = useBudget();
  const charge = useModelCharge(model?.id);
  const [estimate, setEstimate] = useState<string | null>(null);
  const answer = useRef<(send: boolean) => void>(undefined);
  const free = budget.data ? freeAmount(budget.data) : null;
  const ask = async (text: string): Promise<boolean> => {
    if (!charge || !budget.data) return true;
    const characters = (conversation?.messages ?? []).reduce((sum, { content }) => sum + content.length, text.length);
    const expected = estimateCharge(charge, tokensOf(characters), answerTokens(model?.reasoning !== 'none'));
    if (!isCostly(expected, free)) return true;
    setEstimate(expected);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  };
  const decide = (send: boolean) => {
    setEstimate(null);
    answer.current?.(send);
  };
  const question = estimate !== null && <CostQuestion estimate={estimate} free={free} onDecide={decide} />;
  return { ask, question };
}

function CostQuestion(props: { estimate: string; free: string | null; onDecide: (send: boolean) => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const format = useFormat();
  const amount = format.money(props.estimate);
  return (
    <Modal
      opened
      onClose={() => props.onDecide(false)}
      centered
      title={<b>{t('costs.title', { amount })}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>
          {props.free === null ? t('costs.textNoLimit') : t('costs.text', { free: format.money(props.free, 'down') })}
        </Text>
        <Text size="sm" c="dimmed">
          {t('costs.advice')}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => props.onDecide(false)} data-autofocus>
            {t('costs.notNow')}
          </Button>
          <Button onClick={() => props.onDecide(true)}>{t('costs.send')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
