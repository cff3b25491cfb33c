import type { BudgetRequest } from '@cloudfreedom/contracts';
import { Moment, useFormat } from '@cloudfreedom/ui';
import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHourglass } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const ICONS = { pending: IconHourglass, approved: IconCircleCheck, declined: IconCircleX };

/** How a request for more stands: waiting, granted with its amount, or declined with the reason. */
export function RequestState({ request }: { request: BudgetRequest }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { state, amount, decision } = request;
  const Icon = ICONS[state];
  const words = {
    pending: t('more.pending', { amount: format.money(amount) }),
    approved: t('more.approved', { amount: format.money(decision?.granted ?? amount) }),
    declined: t('more.declined', { amount: format.money(amount) }),
  };
  return (
    <div className="chat-request-state" data-state={state} role="status">
      <Icon size={18} aria-hidden />
      <div>
        <Text size="sm">
          {words[state]}{' '}
          <Text span size="sm" c="dimmed">
            <Moment at={decision?.at ?? request.at} />
          </Text>
        </Text>
        {decision?.note && (
          <Text size="sm" c="dimmed">
            {decision.note}
          </Text>
        )}
      </div>
    </div>
  );
}
