import type { Budget } from '@cloudfreedom/contracts';
import { BudgetBar, Money, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Popover, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { AskForMore } from './ask-for-more.tsx';
import { BudgetButton } from './budget-button.tsx';
import { useBudgetRequests } from './request-more.queries.ts';
import { RequestState } from './request-state.tsx';

/** The thin bar with what a press on it shows. */
export default function BudgetPopover({ budget }: { budget: Budget }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      closeOnClickOutside
      position="bottom-end"
      width={360}
      shadow="md"
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <BudgetButton budget={budget} onClick={() => setOpened((before) => !before)} />
      </Popover.Target>
      <Popover.Dropdown className="chat-budget-dropdown">
        <BudgetDetails budget={budget} onLeave={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
function BudgetDetails({ budget, onLeave }: { budget: Budget; onLeave: () => void }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const latest = useBudgetRequests().data?.[0];
  return (
    <Stack gap="md">
      <Title order={2} size="h3">
        {t('budget.month', { month: format.month(budget.period) })}
      </Title>
      <BudgetBar figures={budget} label={t('budget.label')} size="full" />
      <Text size="sm" c="dimmed">
        {t('budget.period', { end: format.periodEnd(budget.period) })}
      </Text>
      {budget.openHolds.length > 0 && (
        <div>
          <Text size="sm" fw={550} mb={4}>
            {t('budget.holds')}
          </Text>
          {budget.openHolds.map((hold) => (
            <Group key={hold.requestId} justify="space-between" fz="sm">
              <span>{hold.model}</span>
              <Money amount={hold.amount} />
            </Group>
          ))}
        </div>
      )}
      {latest && <RequestState request={latest} />}
      <Group gap="xs">
        <AskForMore />
        <Button component={Link} to="/usage" variant="default" size="xs" onClick={onLeave}>
          {t('usage.open')}
        </Button>
      </Group>
    </Stack>
  );
}
