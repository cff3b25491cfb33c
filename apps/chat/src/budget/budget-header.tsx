import type { Budget } from '@cloudfreedom/contracts';
import { BudgetBar, freeAmount, Money, useBudgetSummary, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Popover, Skeleton, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { AskForMore } from './ask-for-more.tsx';
import { useBudget } from './budget.queries.ts';
import { useBudgetRequests } from './request-more.queries.ts';
import { RequestState } from './request-state.tsx';

/** The budget, always in sight: a thin bar with one figure; a press shows the rest. */
export function BudgetHeader() {
  const { t } = useTranslation('app');
  const budget = useBudget();
  if (budget.data) return <BudgetPopover budget={budget.data} />;
  if (budget.isError) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {t('budget.unavailable')}
      </Text>
    );
  }
  return <Skeleton width={160} height={14} />;
}

function BudgetPopover({ budget }: { budget: Budget }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const summary = useBudgetSummary(budget);
  const free = freeAmount(budget);
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
        <UnstyledButton
          className="chat-budget"
          aria-label={t('budget.open', { summary })}
          onClick={() => setOpened((before) => !before)}
        >
          <span className="chat-budget-bar">
            <BudgetBar figures={budget} label={t('budget.label')} />
          </span>
          <Text size="sm" fw={550} component="span">
            {free === null
              ? t('budget.spent', { amount: format.money(budget.spent) })
              : t('budget.free', { amount: format.money(free, 'down') })}
          </Text>
        </UnstyledButton>
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
