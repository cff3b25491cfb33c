import type { Budget } from '@cloudfreedom/contracts';
import { BudgetBar, freeAmount, useBudgetSummary, useFormat } from '@cloudfreedom/ui';
import { Text, UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface BudgetButtonProps extends UnstyledButtonProps {
  budget: Budget;
  disabled?: boolean;
  onClick?: () => void;
}

/** A thin bar with one figure. */
export function BudgetButton({ budget, ...rest }: BudgetButtonProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const summary = useBudgetSummary(budget);
  const free = freeAmount(budget);
  return (
    <UnstyledButton {...rest} className="chat-budget" aria-label={t('budget.open', { summary })}>
      <span className="chat-budget-bar">
        <BudgetBar figures={budget} label={t('budget.label')} />
      </span>
      <Text size="sm" fw={550} component="span">
        {free === null
          ? t('budget.spent', { amount: format.money(budget.spent) })
          : t('budget.free', { amount: format.money(free, 'down') })}
      </Text>
    </UnstyledButton>
  );
}
